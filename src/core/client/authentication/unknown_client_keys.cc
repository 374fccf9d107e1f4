#include "client/authentication/unknown_client_keys.h"

namespace oidcop::client {
namespace {

// Public halves made for this purpose; their private halves were never kept. The octets are no secret at all,
// which is why nothing that verifies against these keys is ever accepted.
constexpr std::string_view kKeys =
    R"({"keys": [
  {"kty": "RSA", "e": "AQAB", "n": "uV7owBANI4T5RWdfqSaYgYbTC-JhU6RUIagLrsGB4jvX5BmET3pVBINQOS1DL10bavO2FnSEGA2pEmL)"
    R"(wBqrGjwh9S0zDtpwd703ETeRZQ4M9r5_pVR1VJByzp2PA7b5UyYLbXSFbAI2oiUYjUC9Weh_SrIuenycGFo)"
    R"(mfgpqzLtnJtLIX8vItcu4Twgvnkybqvf6_IRY8qWpSCmeXOn7ePxi4r6PAflJ_PrTczOPxs2Uh4dxQwRob)"
    R"(gd36_exWqBFHyrz7w21YzCmsKMti1QVbrTkaNGVL2CjPzjDN3CEriXo4nJDGWZf3Zcsi162qke9LtqSMXW)"
    R"(YoDDKwm-5vRtZ_gw"},
  {"kty": "EC", "crv": "P-256", "x": "6Cy_1w3wf14H1Yk_yL_Hz4nUsLGOyZkcjioIPRAWVMw",
   "y": "UCCkSlrnNPlm6bNc2Oe4Ik19GeSeifsMzV2H8HdbGg0"},
  {"kty": "EC", "crv": "P-384", "x": "MNsj3If7-aJtBZ7_oB_yCnRjo_E_v9wHZn4154Me1L0uuXOjZBSZ8t5UIxec0rdB",
   "y": "4KxHwBTOQXhsBvaPgRyOUzVJ9EZcb3E7zE5WgMWxLoUX8uoBedk15KjdKeSAPIWD"},
  {"kty": "EC", "crv": "P-521",
   "x": "AMvE-q7u3P9JmhEihllZQ_jsf3nswQzAiwLdidiAR-yFHHDWykgi92446bjVlz-4s4d-yELYAvADRxJe5Nr0_te_",
   "y": "ACo0On6A1nDCs8ck4UboKUd1D9rPCmpShY8f9-KEc39XJex-0-Ga-v9NDLp9m1J-LLnMIEMy_yjxe70234qzVcV4"},
  {"kty": "OKP", "crv": "Ed25519", "x": "_X-SvGJuI6ucf2IPIrD01WIRkXCwUc3ZtdqIpbshayk"},
  {"kty": "oct", "k": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}
]})";

}  // namespace

const jose::JwkSet& unknown_client_keys() {
  static const jose::JwkSet kSet = jose::JwkSet::parse_text(kKeys).value_or(jose::JwkSet());
  return kSet;
}

}  // namespace oidcop::client
