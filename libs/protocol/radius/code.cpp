#include "libs/protocol/radius/code.h"

namespace pratique::radius {

std::string to_string(Code code) {
  switch (code) {
    case Code::access_request: return "Access-Request";
    case Code::access_accept: return "Access-Accept";
    case Code::access_reject: return "Access-Reject";
    case Code::accounting_request: return "Accounting-Request";
    case Code::accounting_response: return "Accounting-Response";
    case Code::access_challenge: return "Access-Challenge";
    case Code::disconnect_request: return "Disconnect-Request";
    case Code::disconnect_ack: return "Disconnect-ACK";
    case Code::disconnect_nak: return "Disconnect-NAK";
    case Code::coa_request: return "CoA-Request";
    case Code::coa_ack: return "CoA-ACK";
    case Code::coa_nak: return "CoA-NAK";
  }
  return "Code-" + std::to_string(static_cast<unsigned>(code));
}

bool is_signed_request(Code code) {
  return code == Code::accounting_request || code == Code::disconnect_request || code == Code::coa_request;
}

bool answers(Code answer, Code request) {
  switch (request) {
    case Code::access_request:
      return answer == Code::access_accept || answer == Code::access_reject || answer == Code::access_challenge;
    case Code::accounting_request: return answer == Code::accounting_response;
    case Code::disconnect_request: return answer == Code::disconnect_ack || answer == Code::disconnect_nak;
    case Code::coa_request: return answer == Code::coa_ack || answer == Code::coa_nak;
    default: return false;
  }
}

}  // namespace pratique::radius
