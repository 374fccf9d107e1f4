#include "jose/key_rotation.h"

#include <algorithm>

namespace oidcop::jose {

namespace {

/// Keys that replace each other: same type, curve and "alg". Keys that may not sign are left alone.
struct Kind {
  KeyType type;
  Curve curve;
  std::string alg;
  bool operator==(const Kind&) const = default;
};

Kind kind_of(const Jwk& key) {
  return {key.type(), key.curve(), key.labels().alg};
}
Kind kind_of(const KeyDefinition& definition) {
  return {definition.type, definition.curve, definition.alg};
}
bool may_sign(const Jwk& key) {
  return key.labels().use.empty() || key.labels().use == "sig";
}

/// The snapshot while it changes, and what changed.
class Work {
 public:
  Work(const SigningKeys& keys, TimePoint now) : keys_(keys.keys()), now_(now) {}

  std::vector<ManagedKey>& keys() { return keys_; }
  TimePoint now() const { return now_; }

  std::vector<Kind> living_kinds() const;
  std::vector<ManagedKey*> of(const Kind& kind, KeyState state);
  ManagedKey* oldest_next(const Kind& kind);

  Result<ManagedKey*> add(const KeyDefinition& definition, KeyState state);
  void enter(ManagedKey& managed, KeyState state);
  void remove(std::string_view kid, const std::string& why);
  void stamp(ManagedKey& managed, std::optional<TimePoint> ManagedKey::*time);
  void archive_expired(const KeyTimes& times);

  RotationResult finish() && { return {SigningKeys(std::move(keys_)), std::move(changes_)}; }

 private:
  void note(const ManagedKey& managed, std::string_view what);

  std::vector<ManagedKey> keys_;
  std::vector<std::string> changes_;
  TimePoint now_;
};

KeyDefinition like(const ManagedKey& managed);
bool is_due(const std::vector<ManagedKey*>& active, const ManagedKey* next, const RotationOrder& order);
bool is_due_soon(const std::vector<ManagedKey*>& active, const RotationOrder& order);
Result<void> rotate_kind(Work& work, const Kind& kind, const RotationOrder& order);

}  // namespace

Result<SigningKeys> create_signing_keys(const std::vector<KeyDefinition>& definitions, TimePoint now) {
  Work work(SigningKeys({}), now);
  for (const auto& definition : definitions) {
    if (auto added = work.add(definition, KeyState::active); !added) return fail(std::move(added).error());
  }
  return std::move(work).finish().keys;
}

Result<RotationResult> apply_definitions(const SigningKeys& keys,
                                         const std::vector<KeyDefinition>& definitions, TimePoint now) {
  Work work(keys, now);
  bool all_active = true;
  for (const auto& definition : definitions) {
    bool active = false;
    bool present = false;
    for (const auto& managed : work.keys()) {
      if (!definition.describes(managed.key)) continue;
      active = active || managed.state == KeyState::active;
      present = present || managed.state == KeyState::active || managed.state == KeyState::next;
    }
    all_active = all_active && (active || definition.encrypts);
    if (present) continue;
    // Others may encrypt for a key as soon as they see it.
    const auto state = definition.encrypts ? KeyState::active : KeyState::next;
    if (auto added = work.add(definition, state); !added) return fail(std::move(added).error());
  }
  // What nobody asks for any more goes on signing until all that is asked for can sign.
  if (!all_active) return std::move(work).finish();
  for (const auto& kind : work.living_kinds()) {
    const auto wanted = [&kind](const KeyDefinition& definition) {
      if (definition.encrypts) return false;
      return kind_of(definition) == kind ||
             (kind.alg.empty() && kind.type == definition.type && kind.curve == definition.curve);
    };
    if (std::any_of(definitions.begin(), definitions.end(), wanted)) continue;
    for (auto* managed : work.of(kind, KeyState::active)) work.enter(*managed, KeyState::retired);
    while (const auto* next = work.oldest_next(kind)) {
      work.remove(std::string(next->key.kid()), "is removed, it never signed");
    }
  }
  return std::move(work).finish();
}

Result<RotationResult> rotate(const SigningKeys& keys, const RotationOrder& order) {
  Work work(keys, order.now);
  for (const auto& kind : work.living_kinds()) {
    if (auto done = rotate_kind(work, kind, order); !done) return fail(std::move(done).error());
  }
  work.archive_expired(order.times);
  return std::move(work).finish();
}

RotationResult archive_expired(const SigningKeys& keys, TimePoint now, const KeyTimes& times) {
  Work work(keys, now);
  work.archive_expired(times);
  return std::move(work).finish();
}

Result<RotationResult> end_compromised(const SigningKeys& keys, std::string_view kid, TimePoint now) {
  Work work(keys, now);
  const auto found = std::find_if(work.keys().begin(), work.keys().end(),
                                  [kid](const ManagedKey& managed) { return managed.key.kid() == kid; });
  if (found == work.keys().end()) return fail(Errc::not_found, std::string(kid) + ": no key has this kid");
  const auto ended = *found;
  work.remove(std::string(kid), "is compromised: removed, nothing it signed verifies any more");
  const auto kind = kind_of(ended.key);
  if (ended.state != KeyState::active || !work.of(kind, KeyState::active).empty())
    return std::move(work).finish();
  if (auto* next = work.oldest_next(kind)) {
    work.enter(*next, KeyState::active);
  } else if (auto added = work.add(like(ended), KeyState::active); !added) {
    return fail(std::move(added).error());
  }
  return std::move(work).finish();
}

namespace {

std::vector<Kind> Work::living_kinds() const {
  std::vector<Kind> kinds;
  for (const auto& managed : keys_) {
    if (managed.state != KeyState::active && managed.state != KeyState::next) continue;
    auto kind = kind_of(managed.key);
    if (may_sign(managed.key) && std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
      kinds.push_back(std::move(kind));
    }
  }
  return kinds;
}

std::vector<ManagedKey*> Work::of(const Kind& kind, KeyState state) {
  std::vector<ManagedKey*> found;
  for (auto& managed : keys_) {
    if (managed.state == state && may_sign(managed.key) && kind_of(managed.key) == kind)
      found.push_back(&managed);
  }
  return found;
}

ManagedKey* Work::oldest_next(const Kind& kind) {
  const auto all = of(kind, KeyState::next);
  const auto oldest = std::min_element(all.begin(), all.end(), [](const ManagedKey* a, const ManagedKey* b) {
    return a->published_at.value_or(TimePoint::max()) < b->published_at.value_or(TimePoint::max());
  });
  return oldest == all.end() ? nullptr : *oldest;
}

Result<ManagedKey*> Work::add(const KeyDefinition& definition, KeyState state) {
  auto key = generate(definition);
  if (!key) return fail(std::move(key).error());
  keys_.push_back(ManagedKey{.key = std::move(*key), .state = KeyState::next});
  auto& managed = keys_.back();
  managed.published_at = now_;
  if (state == KeyState::active) {
    enter(managed, state);
  } else {
    note(managed, "is published and will sign next");
  }
  return &managed;
}

void Work::enter(ManagedKey& managed, KeyState state) {
  managed.state = state;
  switch (state) {
    case KeyState::next:
      break;
    case KeyState::active:
      managed.activated_at = now_;
      note(managed, may_sign(managed.key) ? "signs now" : "decrypts now");
      break;
    case KeyState::retired:
      managed.retired_at = now_;
      note(managed, "is retired, still published");
      break;
    case KeyState::archived:
      managed.archived_at = now_;
      if (auto half = managed.key.public_key()) managed.key = std::move(*half);
      note(managed, "is archived, no longer published");
      break;
  }
}

void Work::remove(std::string_view kid, const std::string& why) {
  const auto found = std::find_if(keys_.begin(), keys_.end(),
                                  [kid](const ManagedKey& managed) { return managed.key.kid() == kid; });
  if (found == keys_.end()) return;
  note(*found, why);
  keys_.erase(found);
}

/// Keys of others come without history: from now on it is known.
void Work::stamp(ManagedKey& managed, std::optional<TimePoint> ManagedKey::*time) {
  if (managed.*time) return;
  managed.*time = now_;
  note(managed, "had no history; it is counted from now");
}

void Work::archive_expired(const KeyTimes& times) {
  for (auto& managed : keys_) {
    if (managed.state != KeyState::retired) continue;
    stamp(managed, &ManagedKey::retired_at);
    if (*managed.retired_at + times.after_signing() <= now_) enter(managed, KeyState::archived);
  }
}

void Work::note(const ManagedKey& managed, std::string_view what) {
  changes_.push_back(like(managed).text() + ' ' + managed.key.kid() + ' ' + std::string(what));
}

KeyDefinition like(const ManagedKey& managed) {
  const auto& key = managed.key;
  return {key.type(), key.curve(), key.type() == KeyType::rsa ? key.bits() : 0, key.labels().alg,
          !may_sign(key)};
}

/// Whether the active key shall be replaced as soon as its successor may sign.
bool is_due(const std::vector<ManagedKey*>& active, const ManagedKey* next, const RotationOrder& order) {
  if (order.force == RotationForce::now || active.empty() || order.max_age == Seconds(0)) return true;
  return std::any_of(active.begin(), active.end(), [&](const ManagedKey* managed) {
    const bool outgrown = next != nullptr && next->key.bits() > managed->key.bits();
    return outgrown || (managed->activated_at && *managed->activated_at + order.max_age <= order.now);
  });
}

/// Whether it is time to publish a successor, so that it may sign when the active key is due.
bool is_due_soon(const std::vector<ManagedKey*>& active, const RotationOrder& order) {
  return std::any_of(active.begin(), active.end(), [&](const ManagedKey* managed) {
    return managed->activated_at &&
           *managed->activated_at + order.max_age - order.times.before_signing() <= order.now;
  });
}

Result<void> rotate_kind(Work& work, const Kind& kind, const RotationOrder& order) {
  auto active = work.of(kind, KeyState::active);
  auto* next = work.oldest_next(kind);
  for (auto* managed : active) work.stamp(*managed, &ManagedKey::activated_at);
  if (next != nullptr) work.stamp(*next, &ManagedKey::published_at);
  const auto definition = like(next != nullptr ? *next : *active.front());
  const bool forced = order.force == RotationForce::now;
  const bool due = is_due(active, next, order);
  const bool publish = due || is_due_soon(active, order);
  if (next == nullptr && due && forced) {
    auto added = work.add(definition, KeyState::next);
    if (!added) return fail(std::move(added).error());
    next = *added;
    active = work.of(kind, KeyState::active);  // adding may have moved them
  }
  if (next != nullptr && due && (forced || *next->published_at + order.times.before_signing() <= order.now)) {
    for (auto* managed : active) work.enter(*managed, KeyState::retired);
    work.enter(*next, KeyState::active);
  }
  if (publish && work.oldest_next(kind) == nullptr) {
    if (auto added = work.add(definition, KeyState::next); !added) return fail(std::move(added).error());
  }
  return {};
}

}  // namespace

}  // namespace oidcop::jose
