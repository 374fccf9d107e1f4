#pragma once

#include "endpoint/authorization/page_form.h"
#include "endpoint/authorization/password_sign_in.h"
#include "endpoint/endpoint.h"

namespace oidcop::endpoint {

/// Where the login page posts. Signs the person in, under a new session cookie, and goes on with the
/// authorization request that the page carried. Its answers are the authorization endpoint's, hooks included.
class LoginEndpoint final : public Endpoint {
 public:
  struct Parts {
    PageFormParts form;
    const PasswordSignIn& sign_in;
  };
  LoginEndpoint(EndpointSettings settings, const Hooks& hooks, Log& log, const Parts& parts);

  EndpointResponse handle_raw(const RawRequest& raw, RequestScope& scope) const override;

 private:
  using Answer = Result<ResponseArgs, ProtocolError>;
  Answer answer(const RawRequest& raw, RequestScope& scope) const;
  Answer try_password(const ReturnedPage& page, const Message& form, RequestScope& scope) const;

  Parts parts_;
};

}  // namespace oidcop::endpoint
