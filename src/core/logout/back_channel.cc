#include "logout/back_channel.h"

#include "base/form.h"

#include <algorithm>
#include <array>
#include <future>
#include <utility>

namespace oidcop::logout {
namespace {

/// After so many attempts that came to nothing; the last goes on. A relying party that restarts misses
/// little, one that is down for a night is told in the morning.
constexpr std::array kPauses{Seconds(5),   Seconds(30),   Seconds(120),
                             Seconds(600), Seconds(1800), Seconds(3600)};
constexpr Seconds kTriedFor = std::chrono::hours(24);
constexpr std::size_t kAnswerOctets = 16U << 10U;  // nobody reads it

Seconds pause_after(int attempts) {
  return kPauses[std::min(static_cast<std::size_t>(attempts), kPauses.size() - 1)];
}

}  // namespace

Result<DeliveryReport> BackChannel::deliver(const DeliveryBounds& bounds) const {
  const auto now = parts_.clock.now();
  const auto begin_before = now + bounds.starts;
  const auto until = begin_before + bounds.longest + Seconds(5);
  const auto leased = parts_.notices.lease_logout_notices({now, until, bounds.clients, bounds.of_each});
  if (!leased) return fail(leased.error());

  std::vector<std::future<Result<DeliveryReport>>> lanes;
  for (const auto& notices : *leased) {
    lanes.push_back(std::async(std::launch::async, [this, &notices, begin_before] {
      return deliver_to_one(notices, begin_before);
    }));
  }
  DeliveryReport report;
  Result<void> outcome;
  for (auto& lane : lanes) {
    auto part = lane.get();
    if (part) {
      report += *part;
    } else {
      outcome = fail(std::move(part).error());
    }
  }
  if (!outcome) return fail(std::move(outcome).error());
  return report;
}

/// Until one fails or the round is over: then the others of the client wait.
Result<DeliveryReport> BackChannel::deliver_to_one(const Notices& notices, TimePoint begin_before) const {
  DeliveryReport report;
  auto next = notices.begin();
  for (; next != notices.end() && parts_.clock.now() < begin_before; ++next) {
    const auto outcome = deliver(*next);
    if (!outcome) return fail(outcome.error());
    if (*outcome == Outcome::failed) {
      ++report.failed;
      return report;
    }
    ++(*outcome == Outcome::delivered ? report.delivered : report.given_up);
  }
  std::vector<std::string> untried;
  for (; next != notices.end(); ++next) untried.push_back(next->sid);
  auto released = parts_.notices.release_logout_notices(untried, parts_.clock.now());
  if (!released) return fail(std::move(released).error());
  return report;
}

Result<BackChannel::Outcome> BackChannel::deliver(const model::LogoutNotice& notice) const {
  const auto client = parts_.clients.find_client(notice.client);
  const bool is_gone = !client && client.error().code == Errc::not_found;
  if (!client && !is_gone) return fail(client.error());
  if (is_gone || !(*client)->enabled || !(*client)->metadata.text("backchannel_logout_uri")) {
    auto removed = parts_.notices.remove_logout_notice(notice.sid);
    if (!removed) return fail(std::move(removed).error());
    return Outcome::given_up;
  }
  auto sent = send(**client, notice);
  if (!sent) return try_again_later(notice, sent.error().detail);
  parts_.log.info("logout.delivered", {{"client_id", notice.client.text()}});
  auto removed = parts_.notices.remove_logout_notice(notice.sid);
  if (!removed) return fail(std::move(removed).error());
  return Outcome::delivered;
}

Result<BackChannel::Outcome> BackChannel::try_again_later(const model::LogoutNotice& notice,
                                                          const std::string& why) const {
  const auto now = parts_.clock.now();
  const auto next = now + pause_after(notice.attempts);
  if (next >= notice.created_at + kTriedFor) {
    parts_.log.error("logout.undeliverable", {{"client_id", notice.client.text()}, {"detail", why}});
    auto removed = parts_.notices.remove_logout_notice(notice.sid);
    if (!removed) return fail(std::move(removed).error());
    return Outcome::given_up;
  }
  parts_.log.warning("logout.undelivered",
                     {{"client_id", notice.client.text()},
                      {"detail", why + "; next attempt in " + std::to_string((next - now).count()) + " s"}});
  auto postponed = parts_.notices.commit(store::PostponeNotices{notice.client, notice.sid, next});
  if (!postponed) return fail(std::move(postponed).error());
  return Outcome::failed;
}

Result<void> BackChannel::send(const model::Client& client, const model::LogoutNotice& notice) const {
  const auto url = Url::parse(client.metadata.text("backchannel_logout_uri").value_or(""));
  if (!url) return fail(url.error());
  auto token = parts_.tokens.make(client, notice, parts_.clock.now());
  if (!token) return fail(std::move(token).error());
  http::FetchRequest request{*url, client.id.text(), http::FetchMethod::post};
  request.content_type = "application/x-www-form-urlencoded";
  request.body = encode_form({{"logout_token", *token}});
  request.max_octets = kAnswerOctets;
  const auto answer = parts_.fetcher.fetch(request);
  if (!answer) return fail(answer.error());
  if (answer->status == 200 || answer->status == 204) return {};  // 2.8
  return fail(Errc::unavailable,
              "backchannel_logout_uri: answered with status " + std::to_string(answer->status));
}

}  // namespace oidcop::logout
