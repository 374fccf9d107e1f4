#include "jose/key_file.h"

#include "base/file.h"

namespace oidcop::jose {

namespace {

Error with_path(Error error, const std::filesystem::path& path) {
  const auto name = path.string();
  if (!error.detail.starts_with(name)) error.detail.insert(0, name + ": ");
  return error;
}

}  // namespace

Result<SigningKeys> KeyFile::load() const {
  const auto text = read_private_file(path_);
  if (!text) return fail(with_path(text.error(), path_));
  auto keys = SigningKeys::parse(*text);
  if (!keys) return fail(with_path(std::move(keys).error(), path_));
  return keys;
}

Result<SigningKeys> KeyFile::create(const std::vector<KeyDefinition>& definitions, TimePoint now) const {
  const auto lock = FileLock::acquire(path_);
  if (!lock) return fail(lock.error());
  auto present = load();
  if (present || present.error().code != Errc::not_found) return present;
  auto keys = create_signing_keys(definitions, now);
  if (!keys) return keys;
  const auto text = keys->dump_private();
  if (!text) return fail(text.error());
  if (auto written = write_file_atomically(path_, text->reveal(), FileMode::secret); !written) {
    return fail(with_path(std::move(written).error(), path_));
  }
  return keys;
}

Result<RotationResult> KeyFile::update(const Change& change) const {
  const auto lock = FileLock::acquire(path_);
  if (!lock) return fail(lock.error());
  const auto keys = load();
  if (!keys) return fail(keys.error());
  auto result = change(*keys);
  if (!result || result->changes.empty()) return result;
  const auto text = result->keys.dump_private();
  if (!text) return fail(text.error());
  if (auto written = write_file_atomically(path_, text->reveal(), FileMode::secret); !written) {
    return fail(with_path(std::move(written).error(), path_));
  }
  return result;
}

Result<void> KeyFile::publish(const std::filesystem::path& path) const {
  const auto lock = FileLock::acquire(path_);
  if (!lock) return fail(lock.error());
  const auto keys = load();
  if (!keys) return fail(keys.error());
  return write_file_atomically(path, keys->published_text(), FileMode::published);
}

}  // namespace oidcop::jose
