#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

namespace {

const void* watched = nullptr;
std::string seen;  // what stood there when it was given back

}  // namespace

extern "C" {
void __real_free(void* memory);   // NOLINT(bugprone-reserved-identifier): the linker's name
void __wrap_free(void* memory) {  // NOLINT(bugprone-reserved-identifier): the linker's name
  if (memory != nullptr && memory == watched) {
    watched = nullptr;
    seen.assign(static_cast<const char*>(memory), seen.size());
  }
  __real_free(memory);
}
}

namespace oidcop::program {
namespace {

struct alignas(64) Wide {
  char octets[256];
};

/// Fills what was allocated, and whether nothing of it is left when `give_back` ran.
template <class GiveBack>
bool is_wiped(void* memory, std::size_t octets, GiveBack give_back) {
  std::memset(memory, 'k', octets);
  seen.assign(octets, '?');
  watched = memory;
  give_back();
  return watched == nullptr && std::all_of(seen.begin(), seen.end(), [](char c) { return c == '\0'; });
}

TEST(WipingAllocation, LeavesNothingInMemoryThatIsGivenBack) {
  auto* const single = new char;
  EXPECT_TRUE(is_wiped(single, 1, [&] { delete single; }));
  auto* const many = new char[1000];
  EXPECT_TRUE(is_wiped(many, 1000, [&] { delete[] many; }));
  auto* const wide = new Wide;
  EXPECT_TRUE(is_wiped(wide, sizeof(Wide), [&] { delete wide; }));
  auto text = std::make_unique<std::string>(500, 'x');
  EXPECT_TRUE(is_wiped(text->data(), 500, [&] { text.reset(); }));
}

}  // namespace
}  // namespace oidcop::program
