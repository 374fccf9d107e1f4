#pragma once

#include "page/locale.h"
#include "page/model.h"
#include "page/views.h"

namespace oidcop::page {

// From a view's raw values to what its template sees: cleaned, cut, translated; not yet escaped.
// share/templates/README.md lists the names for those who write templates.

Data data_of(const LoginPage& page, const Locale& locale);
Data data_of(const ConsentPage& page, const Locale& locale);
Data data_of(const ErrorPage& page, const Locale& locale);
Data data_of(const ContinuePage& page, const Locale& locale);
Data data_of(const FormPostPage& page, const Locale& locale);
Data data_of(const LoggedInPage& page, const Locale& locale);
Data data_of(const LogoutPage& page, const Locale& locale);
Data data_of(const DeviceCodePage& page, const Locale& locale);
Data data_of(const DeviceConfirmPage& page, const Locale& locale);
Data data_of(const DeviceDonePage& page, const Locale& locale);
Data data_of(const LoggedOutPage& page, const Locale& locale);

/// A link, or nothing when it is not https.
void put_https(Data& object, const std::string& name, const std::optional<Url>& url);

}  // namespace oidcop::page
