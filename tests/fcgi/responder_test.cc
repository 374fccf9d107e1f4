#include "fcgi/responder.h"

#include "base/system_random.h"
#include "fcgi/echo_handler.h"
#include "fcgi/record.h"
#include "fcgi/test_peer.h"
#include "support/temporary_directory.h"

#include <gtest/gtest.h>

#include <list>
#include <thread>

namespace oidcop::fcgi {
namespace {

using std::chrono::milliseconds;

class ResponderTest : public ::testing::Test {
 protected:
  ResponderTest() { options.workers = 2; }
  ~ResponderTest() override { stop(); }

  void start() {
    std::vector<Listener> listeners;
    listeners.push_back(std::move(Listener::open("unix:" + socket.string(), {})).value());
    responder = std::make_unique<Responder>(std::move(listeners), options, handler, log, random);
    thread = std::thread([this] { responder->run(); });
  }
  void stop() {
    if (!thread.joinable()) return;
    responder->stop();
    handler.release();
    thread.join();
  }
  int status_of(std::string_view octets) {
    TestPeer peer(socket);
    peer.send(octets);
    return peer.receive().status();
  }
  int status_of_get(std::string_view path) { return status_of(a_request(get(path))); }

  oidcop::testing::TemporaryDirectory folder;
  std::filesystem::path socket = folder.path() / "op.sock";
  ResponderOptions options;
  EchoHandler handler;
  RecordingLog log;
  SystemRandom random;
  std::unique_ptr<Responder> responder;
  std::thread thread;
};

TEST_F(ResponderTest, AnswersAndClosesUnlessAskedToKeep) {
  start();
  TestPeer peer(socket);
  peer.send(a_request(post("/x", 5), "hello"));
  const auto answer = peer.receive();
  EXPECT_EQ(answer.status(), 200);
  EXPECT_NE(answer.text.find("\"body\":\"hello\""), std::string::npos) << answer.text;
  EXPECT_NE(answer.text.find("X-Request-Id: "), std::string::npos);
  EXPECT_TRUE(peer.is_closed());
}

TEST_F(ResponderTest, AnswersManyRequestsOnAKeptConnection) {
  start();
  TestPeer peer(socket);
  for (int i = 0; i < 5; ++i) {
    peer.send(a_request(get("/x"), {}, Keep::yes, static_cast<std::uint16_t>(i + 1)));
    EXPECT_EQ(peer.receive().status(), 200);
  }
  peer.send(a_request(get("/1"), {}, Keep::yes) + a_request(get("/2"), {}, Keep::no, 2));
  EXPECT_NE(peer.receive().text.find("\"path\":\"/1\""), std::string::npos);
  EXPECT_NE(peer.receive().text.find("\"path\":\"/2\""), std::string::npos);
  EXPECT_TRUE(peer.is_closed());
}

TEST_F(ResponderTest, AHundredIdleConnectionsTakeNoWorker) {
  start();
  std::list<TestPeer> peers;
  for (int i = 0; i < 100; ++i) {
    auto& peer = peers.emplace_back(socket);
    peer.send(a_request(get("/x"), {}, Keep::yes));
    EXPECT_EQ(peer.receive().status(), 200);
  }
  EXPECT_EQ(status_of_get("/x"), 200);
  for (auto& peer : peers) {
    peer.send(a_request(get("/again")));
    EXPECT_EQ(peer.receive().status(), 200);
  }
}

TEST_F(ResponderTest, HalfARequestTakesNoWorker) {
  start();
  std::list<TestPeer> peers;
  const auto whole = a_request(post("/x", 5), "hello");
  for (int i = 0; i < 20; ++i) peers.emplace_back(socket).send(whole.substr(0, 100));
  EXPECT_EQ(status_of_get("/x"), 200);
  for (auto& peer : peers) {
    peer.send(whole.substr(100));
    EXPECT_EQ(peer.receive().status(), 200);
  }
}

TEST_F(ResponderTest, AReaderThatStallsTakesNoWorker) {
  start();
  std::list<TestPeer> peers;
  for (int i = 0; i < 10; ++i) peers.emplace_back(socket).send(a_request(get("/big")));
  EXPECT_EQ(status_of_get("/x"), 200);
  for (auto& peer : peers) EXPECT_GT(peer.receive().text.size(), 1U << 20U);
}

TEST_F(ResponderTest, MakesRoomByClosingTheLongestIdle) {
  options.max_connections = 3;
  start();
  std::list<TestPeer> peers;
  for (int i = 0; i < 3; ++i) {
    auto& peer = peers.emplace_back(socket);
    peer.send(a_request(get("/x"), {}, Keep::yes));
    EXPECT_EQ(peer.receive().status(), 200);
  }
  EXPECT_EQ(status_of_get("/x"), 200);
  EXPECT_TRUE(peers.front().is_closed());
  peers.back().send(a_request(get("/x")));
  EXPECT_EQ(peers.back().receive().status(), 200);
}

TEST_F(ResponderTest, SurvivesGarbageAndHangUps) {
  start();
  for (const auto& octets : {std::string("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), std::string(100'000, '\xff'),
                             std::string(100'000, '\1'), std::string(8, '\0'),
                             begin_request(1, Keep::no) + body(1, "x"), make_record(6, 1, "stdout?!")}) {
    TestPeer peer(socket);
    peer.send(octets);
    peer.shut_down();
    EXPECT_EQ(peer.receive().status(), 0);
  }
  const auto whole = a_request(post("/x", 5), "hello");
  for (std::size_t octets = 0; octets < whole.size(); octets += 5)
    TestPeer(socket).send(whole.substr(0, octets));
  for (int i = 0; i < 20; ++i) TestPeer(socket).send(a_request(get("/big")));  // gone before the answer comes
  EXPECT_EQ(status_of_get("/x"), 200);
  EXPECT_TRUE(log.has("connection.garbage"));
}

TEST_F(ResponderTest, RefusesLengthsThatNoMemoryHolds) {
  start();
  const std::string lengths("\xff\xff\xff\xff\xff\xff\xff\xff", 8);
  EXPECT_EQ(status_of(begin_request(1, Keep::no) + make_record(4, 1, lengths) + make_record(4, 1, {})), 400);
  EXPECT_EQ(status_of_get("/x"), 200);
}

TEST_F(ResponderTest, AnswersATooLongBodyWhileItIsStillComing) {
  options.policy.max_body = 1000;
  start();
  TestPeer peer(socket);
  peer.send(begin_request(1, Keep::yes) + params(1, post("/x", 5'000'000)));
  std::thread sender([&] { peer.send(body(1, std::string(5'000'000, 'x'))); });
  const auto answer = peer.receive();
  sender.join();
  EXPECT_EQ(answer.status(), 413);
  EXPECT_TRUE(answer.ended);
  peer.shut_down();
  EXPECT_TRUE(peer.is_closed());
}

TEST_F(ResponderTest, RefusesWhatIsOverTheBufferLimit) {
  options.max_buffered = 1000;
  start();
  TestPeer peer(socket);
  peer.send(begin_request(1, Keep::no) + params(1, post("/x", 500'000)));
  for (int i = 0; i < 10; ++i)
    peer.send(make_record(5, 1, std::string(40'000, 'x')));  // more than one read takes
  EXPECT_EQ(peer.receive().status(), 503);
  EXPECT_EQ(status_of_get("/x"), 200);
}

TEST_F(ResponderTest, GivesUpOnARequestThatDrips) {
  options.read_timeout = milliseconds(50);
  start();
  TestPeer silent(socket);
  silent.send(begin_request(1, Keep::no).substr(0, 3));
  EXPECT_TRUE(silent.is_closed());
  TestPeer slow(socket);
  slow.send(begin_request(1, Keep::no) + params(1, post("/x", 5)));
  EXPECT_EQ(slow.receive().status(), 408);
}

TEST_F(ResponderTest, GivesUpOnConnectionsThatSayNothing) {
  options.first_octet_timeout = milliseconds(50);
  start();
  TestPeer peer(socket);
  EXPECT_TRUE(peer.is_closed());
}

TEST_F(ResponderTest, EndsIdleConnectionsIfToldTo) {
  options.idle_timeout = milliseconds(50);
  start();
  TestPeer peer(socket);
  peer.send(a_request(get("/x"), {}, Keep::yes));
  EXPECT_EQ(peer.receive().status(), 200);
  EXPECT_TRUE(peer.is_closed());
}

TEST_F(ResponderTest, GivesUpOnReadersThatDoNotRead) {
  options.write_timeout = milliseconds(50);
  start();
  TestPeer peer(socket);
  peer.send(a_request(get("/big")));
  peer.await_hang_up();
  EXPECT_LT(peer.receive_all().size(), 1U << 20U);
}

TEST_F(ResponderTest, ForgetsARequestThatTheServerAborts) {
  start();
  TestPeer peer(socket);
  peer.send(begin_request(1, Keep::yes) + params(1, post("/x", 5)) + make_record(2, 1, {}));
  const auto answer = peer.receive();
  EXPECT_TRUE(answer.ended);
  EXPECT_EQ(answer.text, "");
  peer.send(a_request(get("/x"), {}, Keep::no, 2));
  EXPECT_EQ(peer.receive().status(), 200);
}

TEST_F(ResponderTest, TurnsWhatTheHandlerThrowsInto500) {
  start();
  EXPECT_EQ(status_of_get("/throw"), 500);
  EXPECT_EQ(status_of_get("/throw-int"), 500);
  EXPECT_TRUE(log.has("request.failed"));
}

TEST_F(ResponderTest, SendsNoHeaderThatSplitsOrCommands) {
  start();
  EXPECT_EQ(status_of_get("/bad-header"), 500);
  EXPECT_EQ(status_of_get("/sendfile"), 500);
  EXPECT_TRUE(log.has("response.refused"));
}

TEST_F(ResponderTest, OmitsTheBodyForHead) {
  start();
  auto parameters = get("/x");
  parameters[1].value = "HEAD";
  TestPeer peer(socket);
  peer.send(a_request(parameters));
  const auto answer = peer.receive();
  EXPECT_EQ(answer.status(), 200);
  EXPECT_NE(answer.text.find("Content-Length: "), std::string::npos);
  EXPECT_TRUE(answer.text.ends_with("\r\n\r\n"));
}

TEST_F(ResponderTest, StopFinishesWhatIsInFlight) {
  start();
  TestPeer idle(socket);
  idle.send(a_request(get("/x"), {}, Keep::yes));
  EXPECT_EQ(idle.receive().status(), 200);
  TestPeer working(socket);
  working.send(a_request(get("/wait"), {}, Keep::yes));
  handler.await_waiting(1);
  TestPeer arriving(socket);
  const auto whole = a_request(post("/x", 5), "hello");
  arriving.send(whole.substr(0, 50));

  responder->stop();
  EXPECT_TRUE(idle.is_closed());
  arriving.send(whole.substr(50));
  EXPECT_EQ(arriving.receive().status(), 200);
  handler.release();
  EXPECT_EQ(working.receive().status(), 200);
  EXPECT_TRUE(working.is_closed());
  thread.join();
}

TEST_F(ResponderTest, StopDropsWhatTakesTooLong) {
  options.stop_timeout = milliseconds(50);
  start();
  TestPeer arriving(socket);
  arriving.send(begin_request(1, Keep::no));
  responder->stop();
  EXPECT_TRUE(arriving.is_closed());
  thread.join();
}

TEST_F(ResponderTest, ReloadsAndTicks) {
  options.tick_interval = milliseconds(10);
  start();
  responder->reload();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while ((handler.reloads() < 1 || handler.ticks() < 3 || handler.rounds() < 3) &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  EXPECT_EQ(handler.reloads(), 1);
  EXPECT_GE(handler.ticks(), 3);
  EXPECT_GE(handler.rounds(), 3);
}

}  // namespace
}  // namespace oidcop::fcgi
