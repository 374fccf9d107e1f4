#include "fcgi/echo_handler.h"

#include "base/json.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

namespace oidcop::fcgi {
namespace {

http::Response describe(const http::Request& request) {
  Json headers = Json::object();
  for (const auto& header : request.headers) headers[header.name] = header.value;
  Json echo = {{"method", request.method},
               {"path", request.path},
               {"query", request.query},
               {"content_type", request.content_type},
               {"body_octets", request.body.size()},
               {"body", request.body.substr(0, 1000)},
               {"headers", headers},
               {"host", request.host},
               {"remote_address", request.remote_address},
               {"https", request.https},
               {"request_id", request.request_id}};
  if (request.remote_user) echo["remote_user"] = request.remote_user->name;
  if (request.client_certificate) echo["client_certificate"] = request.client_certificate->pem;
  http::Response response;
  response.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  response.body = dump_json(echo);
  return response;
}

http::Response with_header(int status, std::string name, std::string value) {
  http::Response response;
  response.status = status;
  response.headers = {{std::move(name), std::move(value)}};
  return response;
}

}  // namespace

http::Response EchoHandler::handle(const http::Request& request) {
  const auto slash = request.path.rfind('/');
  const auto name = request.path.substr(slash);
  if (name == "/throw") throw std::runtime_error("thrown on purpose");
  if (name == "/throw-int") throw 42;  // NOLINT(hicpp-exception-baseclass): that is the point
  if (name == "/bad-header") return with_header(200, "X-Bad", "a\r\nSet-Cookie: stolen=1");
  if (name == "/sendfile") return with_header(200, "X-Sendfile", "/etc/passwd");
  if (name == "/redirect") return with_header(302, "Location", "https://rp.example/cb?code=x");
  if (name == "/not-modified") return with_header(304, "ETag", "\"x\"");
  if (name == "/reloads") return with_header(200, "X-Reloads", std::to_string(reloads_));
  if (name == "/wait") wait();
  if (name == "/sleep") std::this_thread::sleep_for(std::chrono::milliseconds(300));
  auto response = describe(request);
  if (name == "/big") response.body.assign(1U << 20U, 'x');
  return response;
}

void EchoHandler::wait() {
  std::unique_lock lock(mutex_);
  ++waiting_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return released_; });
}

void EchoHandler::await_waiting(int requests) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return waiting_ >= requests; });
}

void EchoHandler::release() {
  const std::lock_guard lock(mutex_);
  released_ = true;
  changed_.notify_all();
}

}  // namespace oidcop::fcgi
