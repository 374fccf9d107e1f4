#include "fcgi/invocation.h"

#include <gtest/gtest.h>

namespace oidcop::fcgi {
namespace {

Surroundings a_shell() {
  Surroundings surroundings;
  surroundings.pid = 77;
  return surroundings;
}

TEST(Invocation, IgnoresArgumentsWhenAWebServerRunsUs) {
  auto surroundings = a_shell();
  surroundings.gateway_interface = "CGI/1.1";
  surroundings.oidcop_config = "/etc/op.json";
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--config", "/tmp/evil"},
                                                    {"--listen", "unix:/tmp/x"},
                                                    {"--help"},
                                                    {"--nonsense"}}) {
    const auto invocation = read_invocation(arguments, surroundings);
    ASSERT_TRUE(invocation);
    EXPECT_EQ(invocation->service, Service::cgi);
    EXPECT_EQ(invocation->config, "/etc/op.json");
    EXPECT_FALSE(invocation->listen);
  }
  surroundings.standard_input_listens = true;
  EXPECT_EQ(read_invocation({"--listen", "x"}, surroundings)->service, Service::standard_input);
}

TEST(Invocation, TellsAServiceManagerOnlyOfAService) {
  auto surroundings = a_shell();
  EXPECT_FALSE(read_invocation({}, surroundings)->notify_socket);
  surroundings.notify_socket = "/run/systemd/notify";
  EXPECT_EQ(read_invocation({}, surroundings)->notify_socket, "/run/systemd/notify");
  surroundings.gateway_interface = "CGI/1.1";
  EXPECT_FALSE(read_invocation({}, surroundings)->notify_socket);
}

TEST(Invocation, PrefersListenThenPassedSocketsThenStandardInput) {
  auto surroundings = a_shell();
  EXPECT_EQ(read_invocation({}, surroundings)->service, Service::own_socket);
  surroundings.standard_input_listens = true;
  EXPECT_EQ(read_invocation({}, surroundings)->service, Service::standard_input);
  surroundings.listen_pid = "77";
  surroundings.listen_fds = "2";
  EXPECT_EQ(read_invocation({}, surroundings)->service, Service::passed_sockets);
  EXPECT_EQ(read_invocation({}, surroundings)->passed_sockets, 2);
  const auto own = read_invocation({"--config=/c", "--listen", "unix:/run/x"}, surroundings);
  EXPECT_EQ(own->service, Service::own_socket);
  EXPECT_EQ(own->listen, "unix:/run/x");
  EXPECT_EQ(own->config, "/c");
}

TEST(Invocation, LeavesSocketsAloneThatWerePassedToAnother) {
  auto surroundings = a_shell();
  surroundings.listen_fds = "1";
  for (const auto* pid : {"78", "", "77x", "-77"}) {
    surroundings.listen_pid = pid;
    EXPECT_EQ(read_invocation({}, surroundings)->service, Service::own_socket) << pid;
  }
}

TEST(Invocation, EndsEarlyForHelpVersionAndMistakes) {
  EXPECT_EQ(read_invocation({"--help"}, a_shell()).error().status, 0);
  EXPECT_EQ(read_invocation({"--version"}, a_shell()).error().status, 0);
  EXPECT_EQ(read_invocation({"--confg", "x"}, a_shell()).error().status, 2);
  EXPECT_EQ(read_invocation({"keys"}, a_shell()).error().status, 2);
}

}  // namespace
}  // namespace oidcop::fcgi
