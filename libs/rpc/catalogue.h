// What this room tells operators.
#pragma once

#include "libs/obs/catalogue.h"

namespace pratique::rpc {

inline constexpr obs::CounterSpec kServerCalls{"pratique_rpc_server_calls_total",
                                               "calls answered, streams at their end",
                                               {"method", "code"}};
inline constexpr obs::HistogramSpec kServerSeconds{"pratique_rpc_server_call_seconds",
                                                   "time from the arrival of a unary call to its answer", {"method"}};
inline constexpr obs::GaugeSpec kServerQueue{"pratique_rpc_server_queued_calls", "calls that wait for a worker"};
inline constexpr obs::GaugeSpec kServerFeeds{"pratique_rpc_server_open_feeds", "event streams that are open"};
inline constexpr obs::CounterSpec kClientCalls{"pratique_rpc_client_calls_total", "calls made to other services",
                                               {"peer", "code"}};

inline constexpr obs::Event kCallAnswered{"rpc_answered", obs::Level::info, "a call was answered (access log)"};
inline constexpr obs::Event kCallFailed{"rpc_handler_failed", obs::Level::error, "a handler threw: a defect of ours",
                                        "report it with the trace id"};
inline constexpr obs::Event kServerListens{"rpc_listening", obs::Level::info, "the gRPC server takes calls"};
inline constexpr obs::Event kTlsRefused{"rpc_tls_not_updated", obs::Level::error,
                                        "new certificates could not be handed to the gRPC library",
                                        "restart the service before the old certificate expires"};
inline constexpr obs::Event kLibraryError{
    "rpc_library_error", obs::Level::warning,
    "the gRPC library reports an error of a connection, such as a failed TLS handshake",
    "if it repeats, look whose certificate is missing, expired or of another authority"};
inline constexpr obs::Event kFollowInterrupted{
    "feed_interrupted", obs::Level::warning,
    "the event stream of another service broke off; it is begun again from the cursor",
    "nothing if it is followed by feed_resumed; else look whether the service named by `feed` answers"};
inline constexpr obs::Event kFollowResumed{"feed_resumed", obs::Level::info, "events of another service arrive again"};

inline constexpr obs::Reason kMethodNotListed{"METHOD_NOT_LISTED", ErrorCode::permission_denied,
                                              "the method has no line in the access table"};
inline constexpr obs::Reason kCallerUnknown{"CALLER_UNKNOWN", ErrorCode::permission_denied,
                                            "the client's certificate has no identity of our trust domain",
                                            "issue one with a spiffe:// URI name of this trust domain"};
inline constexpr obs::Reason kCallerNotAllowed{"CALLER_NOT_ALLOWED", ErrorCode::permission_denied,
                                               "the caller is known and may not call this method",
                                               "give the operator a role in trust.operators"};
inline constexpr obs::Reason kServerBusy{"SERVER_BUSY", ErrorCode::resource_exhausted,
                                         "the queue of calls, or the number of event streams, is at its limit",
                                         "retry later; add replicas or workers if it lasts"};
inline constexpr obs::Reason kDeadlinePassed{"DEADLINE_PASSED", ErrorCode::deadline_exceeded,
                                             "the deadline passed before a worker was free"};
inline constexpr obs::Reason kCallCancelled{"CALL_CANCELLED", ErrorCode::cancelled, "the client went away"};
inline constexpr obs::Reason kHandlerFailed{"HANDLER_FAILED", ErrorCode::internal, "a defect of ours",
                                            "find rpc_handler_failed in the log by the trace id"};
inline constexpr obs::Reason kFeedEnded{"FEED_ENDED", ErrorCode::unavailable,
                                        "the server stops; the stream can be begun again from the same cursor"};
inline constexpr obs::Reason kAddressUnusable{"RPC_ADDRESS_UNUSABLE", ErrorCode::unavailable,
                                              "the gRPC address cannot be listened on", "see rpc.listen"};
inline constexpr obs::Reason kAccessIncomplete{"ACCESS_INCOMPLETE", ErrorCode::failed_precondition,
                                               "a method has no line in the access table"};
inline constexpr obs::Reason kTrustAnchorsMissing{"TRUST_ANCHORS_MISSING", ErrorCode::failed_precondition,
                                                  "mutual TLS needs trust anchors", "set tls.trust_anchors"};
inline constexpr obs::Reason kPeerAddressesInvalid{"PEER_ADDRESSES_INVALID", ErrorCode::invalid_argument,
                                                   "addresses of a peer that cannot be used together",
                                                   "give one name, or IP addresses of one family"};
inline constexpr obs::Reason kPageTokenInvalid{"PAGE_TOKEN_INVALID", ErrorCode::invalid_argument,
                                               "the page token is altered, foreign, or for another filter",
                                               "list again from the start"};
inline constexpr obs::Reason kPageSizeInvalid{"PAGE_SIZE_INVALID", ErrorCode::invalid_argument,
                                              "page_size is negative"};
inline constexpr obs::Reason kRequestIdInvalid{"REQUEST_ID_INVALID", ErrorCode::invalid_argument,
                                               "request_id is no UUID"};
inline constexpr obs::Reason kRequestIdMissing{"REQUEST_ID_MISSING", ErrorCode::invalid_argument,
                                               "request_id is required, so that a repeated call changes nothing twice"};
inline constexpr obs::Reason kUpdateMaskInvalid{"UPDATE_MASK_INVALID", ErrorCode::invalid_argument,
                                                "update_mask names a field that is unknown or not to be updated"};
inline constexpr obs::Reason kTimestampInvalid{"TIMESTAMP_INVALID", ErrorCode::invalid_argument,
                                               "a time is none, or lies outside the years 0001 to 9999"};
inline constexpr obs::Reason kEtagMismatch{"ETAG_MISMATCH", ErrorCode::aborted,
                                           "the resource changed since it was read", "read it again, then retry"};

}  // namespace pratique::rpc
