#include "base/descriptor.h"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace oidcop {
namespace {

bool is_open(int number) {
  return ::fcntl(number, F_GETFD) != -1;
}

int any_file() {
  return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

TEST(Descriptor, ClosesWhatItOwnsOnce) {
  int number = -1;
  {
    const Descriptor owner(any_file());
    number = owner.get();
    ASSERT_TRUE(is_open(number));
  }
  EXPECT_FALSE(is_open(number));
  EXPECT_FALSE(Descriptor().valid());
  EXPECT_FALSE(Descriptor(-1).valid()) << "what open() answers when it fails";
}

TEST(Descriptor, HandsOverWhatItOwns) {
  Descriptor first(any_file());
  const int number = first.get();
  Descriptor second(std::move(first));
  EXPECT_TRUE(is_open(number));
  Descriptor third(any_file());
  const int replaced = third.get();
  third = std::move(second);
  EXPECT_FALSE(is_open(replaced));
  EXPECT_EQ(third.get(), number);
  const int released = third.release();
  EXPECT_FALSE(third.valid());
  EXPECT_TRUE(is_open(released));
  ::close(released);
}

}  // namespace
}  // namespace oidcop
