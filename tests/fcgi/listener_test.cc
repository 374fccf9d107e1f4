#include "fcgi/listener.h"

#include "fcgi/test_peer.h"
#include "support/temporary_directory.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fstream>

namespace oidcop::fcgi {
namespace {

namespace fs = std::filesystem;

class ListenerTest : public ::testing::Test {
 protected:
  std::string address() const { return "unix:" + socket().string(); }
  fs::path socket() const { return folder.path() / "op.sock"; }
  mode_t mode_of(const fs::path& path) const {
    struct stat status {};
    EXPECT_EQ(::lstat(path.c_str(), &status), 0);
    return status.st_mode & 07777U;
  }
  static Listener::Accepted accept_one(const Listener& listener) {
    pollfd entry{listener.descriptor(), POLLIN, 0};
    EXPECT_EQ(::poll(&entry, 1, 10'000), 1);
    return listener.accept();
  }

  oidcop::testing::TemporaryDirectory folder;
};

TEST_F(ListenerTest, MakesASocketOnlyForItsOwnerAndRemovesItInTheEnd) {
  {
    const auto listener = Listener::open(address(), {});
    ASSERT_TRUE(listener) << listener.error().detail;
    EXPECT_EQ(mode_of(socket()), 0600U);
    EXPECT_EQ(listener->channel(), http::Channel::local);
    TestPeer peer(socket());
    EXPECT_TRUE(accept_one(*listener).descriptor.valid());
    EXPECT_FALSE(listener->accept().descriptor.valid()) << "nobody waits, and nobody blocks";
  }
  EXPECT_FALSE(fs::exists(socket()));
}

TEST_F(ListenerTest, OpensTheSocketToAGroup) {
  ListenPolicy policy;
  policy.socket_group = ::getegid();
  const auto listener = Listener::open(address(), policy);
  ASSERT_TRUE(listener) << listener.error().detail;
  EXPECT_EQ(mode_of(socket()), 0660U);
}

TEST_F(ListenerTest, ReplacesAStaleSocketButNotALivingOne) {
  const auto first = Listener::open(address(), {});
  ASSERT_TRUE(first);
  EXPECT_EQ(Listener::open(address(), {}).error().code, Errc::refused);
  fs::rename(socket(), folder.path() / "moved");
  const auto second = Listener::open(address(), {});
  ASSERT_TRUE(second);
  // A socket without a process behind it: what kill -9 leaves.
  ::shutdown(second->descriptor(), SHUT_RDWR);
  const auto third = Listener::open(address(), {});
  EXPECT_TRUE(third) << third.error().detail;
}

TEST_F(ListenerTest, LeavesOtherFilesAlone) {
  std::ofstream(socket()) << "precious";
  EXPECT_EQ(Listener::open(address(), {}).error().code, Errc::refused);
  EXPECT_TRUE(fs::exists(socket()));
}

TEST_F(ListenerTest, RefusesAFolderThatOthersMayWriteTo) {
  fs::permissions(folder.path(), fs::perms(0770));
  EXPECT_EQ(Listener::open(address(), {}).error().code, Errc::refused);
  fs::permissions(folder.path(), fs::perms(01777));
  EXPECT_EQ(Listener::open(address(), {}).error().code, Errc::refused);
  fs::permissions(folder.path(), fs::perms(0750));
  EXPECT_TRUE(Listener::open(address(), {}));
}

TEST_F(ListenerTest, RefusesPeersOfOtherUsers) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to become somebody else";
  ListenPolicy policy;
  policy.peer_uids = {12345};
  const auto listener = Listener::open(address(), policy);
  ASSERT_TRUE(listener);
  fs::permissions(folder.path(), fs::perms(0755));
  fs::permissions(socket(), fs::perms(0666));  // the mistake that the check is there for
  const auto connect_as = [&](uid_t uid) {
    const pid_t child = ::fork();
    if (child == 0) {
      if (::setuid(uid) != 0) ::_exit(2);
      const TestPeer peer(socket());
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    return accept_one(*listener);
  };
  const auto refused = connect_as(65534);
  EXPECT_EQ(refused.refused_uid, 65534U);
  EXPECT_FALSE(refused.descriptor.valid());
  const auto admitted = connect_as(12345);
  EXPECT_FALSE(admitted.refused_uid);
  EXPECT_TRUE(admitted.descriptor.valid());
}

TEST_F(ListenerTest, ListensOnLoopbackTcpOnlyUnlessAllowed) {
  const auto loopback = Listener::open("127.0.0.1:0", {});
  ASSERT_TRUE(loopback) << loopback.error().detail;
  EXPECT_EQ(loopback->channel(), http::Channel::tcp);
  EXPECT_EQ(Listener::open("0.0.0.0:0", {}).error().code, Errc::refused);
  EXPECT_EQ(Listener::open("[::]:0", {}).error().code, Errc::refused);
  ListenPolicy policy;
  policy.allow_remote_tcp = true;
  EXPECT_TRUE(Listener::open("0.0.0.0:0", policy));
}

TEST_F(ListenerTest, RefusesAddressesThatAreNone) {
  for (const auto* bad : {"", "unix:", "unix:relative", "9000", ":9000", "127.0.0.1:", "127.0.0.1:x"}) {
    EXPECT_EQ(Listener::open(bad, {}).error().code, Errc::malformed) << bad;
  }
  EXPECT_FALSE(Listener::open("unix:/" + std::string(200, 'x'), {}));
}

TEST_F(ListenerTest, AdoptsListeningSocketsOnly) {
  const auto listener = Listener::open(address(), {});
  EXPECT_TRUE(Listener::adopt(::dup(listener->descriptor()), {}));
  Descriptor other(::socket(AF_UNIX, SOCK_STREAM, 0));
  EXPECT_FALSE(Listener::adopt(other.get(), {}));
  EXPECT_FALSE(is_listening_socket(other.get()));
  EXPECT_FALSE(is_listening_socket(-1));
}

TEST_F(ListenerTest, RefusesAnInheritedSocketThatListensBeyondThisMachine) {
  ListenPolicy policy;
  policy.allow_remote_tcp = true;
  const auto remote = Listener::open("0.0.0.0:0", policy);
  const Descriptor copy(::dup(remote->descriptor()));
  EXPECT_FALSE(Listener::adopt(copy.get(), {}));
}

}  // namespace
}  // namespace oidcop::fcgi
