// Mutual TLS for servers and channels, fed by watched certificate files.
//
// gRPC 1.51 serves on with an encrypted or unfitting key and fails every handshake; so files are checked by
// runtime::CertificateFiles, which opens encrypted keys, and reach gRPC as memory files only. A replaced
// certificate is served within about two seconds; open connections stay.
#pragma once

#include <memory>
#include <string>

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include "libs/base/result.h"
#include "libs/obs/log.h"
#include "libs/runtime/certificate_files.h"

namespace pratique::rpc {

class TlsIdentity {
 public:
  /// `files` and `log` outlive it; `files` has trust anchors (FAILED_PRECONDITION TRUST_ANCHORS_MISSING otherwise).
  static Result<std::shared_ptr<TlsIdentity>> make(runtime::CertificateFiles& files, const obs::Log& log);
  ~TlsIdentity();

  /// Client certificates are required and verified to the trust anchors.
  std::shared_ptr<grpc::ServerCredentials> server_credentials() const;
  /// Takes the server only if its certificate, verified to the trust anchors, has `expected_uri` among its URI
  /// names and no other SPIFFE identity; its DNS names do not count.
  std::shared_ptr<grpc::ChannelCredentials> channel_credentials(const std::string& expected_uri) const;

 private:
  struct Inside;
  explicit TlsIdentity(std::shared_ptr<Inside> inside);
  std::shared_ptr<Inside> inside_;
};

}  // namespace pratique::rpc
