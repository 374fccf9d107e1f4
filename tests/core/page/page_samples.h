#pragma once

#include "page/pages.h"

#include <functional>
#include <string>
#include <vector>

namespace oidcop::page {

/// A page in one of its states, for tests and for looking at.
struct PageSample {
  std::string name;  ///< "login_wrong_credentials"; begins with the name of the page
  std::function<Result<http::Response>(const Pages&, const Locale&)> render;
};

/// Every page in every state, with values a real provider would have.
std::vector<PageSample> page_samples();
/// Every page with `value` in each field that can hold any text.
std::vector<PageSample> page_samples_full_of(const std::string& value);

/// The pages as the project ships them.
PagesOptions shipped_pages();

ClientView sample_client();
LoginPage sample_login();
ConsentPage sample_consent();
ErrorPage sample_error();
DeviceCodePage sample_device_code();
DeviceConfirmPage sample_device_confirm();
ContinuePage sample_continue();
FormPostPage sample_form_post();
LogoutPage sample_logout();
LoggedOutPage sample_logged_out(const std::string& next);

}  // namespace oidcop::page
