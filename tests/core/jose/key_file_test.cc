#include "jose/key_file.h"

#include "base/file.h"
#include "core/jose/jose_data.h"
#include "jose/service_secrets.h"
#include "support/fixed_random.h"
#include "support/manual_clock.h"
#include "support/temporary_directory.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace oidcop::jose {
namespace {

using namespace testing;  // NOLINT: the helpers of this folder
using oidcop::testing::FixedRandom;
using oidcop::testing::ManualClock;
using oidcop::testing::TemporaryDirectory;

const KeyDefinition kEc{KeyType::ec, Curve::p256, 0, "ES256"};

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

Result<RotationResult> rotate_now(const SigningKeys& keys) {
  return rotate(keys, {.now = ManualClock().now(), .force = RotationForce::now});
}

TEST(KeyFile, IsMadeOnceAndPrivate) {
  const TemporaryDirectory folder;
  const KeyFile file(folder / "jwks.json");
  EXPECT_EQ(file.load().error().code, Errc::not_found);
  const auto made = file.create({kEc}, ManualClock().now());
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(mode_of(file.path()), 0600U);
  const auto again = file.create({kEc}, ManualClock().now());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->published_text(), made->published_text());
}

TEST(KeyFile, IsRefusedWhenOthersCanReadIt) {
  const TemporaryDirectory folder;
  const KeyFile file(folder / "jwks.json");
  ASSERT_TRUE(file.create({kEc}, ManualClock().now()));
  ::chmod(file.path().c_str(), 0644);
  EXPECT_EQ(file.load().error().code, Errc::refused);
  EXPECT_EQ(file.create({kEc}, ManualClock().now()).error().code, Errc::refused);
  EXPECT_FALSE(file.update(rotate_now));
}

TEST(KeyFile, StaysAsItIsWhenAChangeFailsOrChangesNothing) {
  const TemporaryDirectory folder;
  const KeyFile file(folder / "jwks.json");
  ASSERT_TRUE(file.create({kEc}, ManualClock().now()));
  const auto before = read_file(file.path());
  const auto failed = file.update(
      [](const SigningKeys&) -> Result<RotationResult> { return fail(Errc::unavailable, "no randomness"); });
  EXPECT_EQ(failed.error().code, Errc::unavailable);
  EXPECT_TRUE(file.update([](const SigningKeys& keys) -> Result<RotationResult> {
    return RotationResult{keys, {}};
  }));
  EXPECT_EQ(*read_file(file.path()), *before);
}

TEST(KeyFile, ABadFileIsNamedAndNotReplaced) {
  const TemporaryDirectory folder;
  const KeyFile file(folder / "jwks.json");
  ASSERT_TRUE(write_file_atomically(file.path(), "{\"keys\":[", FileMode::secret));
  const auto keys = file.create({kEc}, ManualClock().now());
  ASSERT_FALSE(keys);
  EXPECT_NE(keys.error().detail.find("jwks.json"), std::string::npos);
  EXPECT_EQ(*read_file(file.path()), "{\"keys\":[");
}

TEST(KeyFile, ProcessesThatRotateAtOnceLeaveEveryStepInAValidFile) {
  const TemporaryDirectory folder;
  const KeyFile file(folder / "jwks.json");
  constexpr int kProcesses = 4;
  constexpr int kSteps = 5;
  int gate[2];
  ASSERT_EQ(::pipe(gate), 0);
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; ++i) {
    const auto child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      char octet = 0;
      ::close(gate[1]);
      (void)!::read(gate[0], &octet, 1);  // all start when the parent closes its end
      bool good = file.create({kEc}, ManualClock().now()).has_value();
      for (int step = 0; step < kSteps; ++step) good = file.update(rotate_now).has_value() && good;
      ::_exit(good ? 0 : 1);
    }
    children.push_back(child);
  }
  ::close(gate[0]);
  ::close(gate[1]);
  for (const auto child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  const auto keys = file.load();
  ASSERT_TRUE(keys) << keys.error().detail;
  // Each forced step retires one; none was lost.
  std::size_t retired = 0;
  for (const auto& managed : keys->keys()) retired += managed.state == KeyState::retired ? 1 : 0;
  EXPECT_EQ(retired, static_cast<std::size_t>(kProcesses * kSteps));
  EXPECT_EQ(keys->keys().size(), retired + 2);
  EXPECT_EQ(mode_of(file.path()), 0600U);
}

TEST(KeyFile, PublishesWhatItHoldsNowForEverybody) {
  const TemporaryDirectory folder;
  const KeyFile file(folder / "jwks.json");
  EXPECT_EQ(file.publish(folder / "public.json").error().code, Errc::not_found);
  const auto made = file.create({kEc}, ManualClock().now());
  ASSERT_TRUE(made);
  ASSERT_TRUE(file.publish(folder / "public.json"));
  EXPECT_EQ(*read_file(folder / "public.json"), made->published_text());
  EXPECT_EQ(mode_of(folder / "public.json"), 0644U);
  const auto rotated = file.update(rotate_now);
  ASSERT_TRUE(rotated);
  ASSERT_TRUE(file.publish(folder / "public.json"));
  EXPECT_EQ(*read_file(folder / "public.json"), rotated->keys.published_text());
}

TEST(ServiceSecretsFile, IsMadeOnceKeptPrivateAndRotated) {
  const TemporaryDirectory folder;
  FixedRandom random;
  ManualClock clock;
  const auto path = folder / "secrets.json";
  const auto made = create_service_secrets(path, random, clock.now());
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(mode_of(path), 0600U);
  EXPECT_EQ(create_service_secrets(path, random, clock.now())->dump().reveal(), made->dump().reveal());
  const auto rotated =
      rotate_service_secret(path, random, {.purpose = SecretPurpose::seal, .now = clock.now()});
  ASSERT_TRUE(rotated);
  EXPECT_EQ(load_service_secrets(path)->dump().reveal(), rotated->dump().reveal());
  EXPECT_EQ(rotated->masters().size(), 5U);
  EXPECT_FALSE(rotate_service_secret(folder / "absent.json", random, {.now = clock.now()}));
}

}  // namespace
}  // namespace oidcop::jose
