#include "fcgi/cgi_program.h"

#include "base/system_random.h"
#include "fcgi/echo_handler.h"
#include "fcgi/test_peer.h"

#include <gtest/gtest.h>

#include <array>

namespace oidcop::fcgi {
namespace {

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    read = Descriptor(ends[0]);
    write = Descriptor(ends[1]);
  }
  Descriptor read;
  Descriptor write;
};

class CgiProgramTest : public testing::Test {
 protected:
  std::string run(const http::CgiParameters& parameters, std::string_view input) {
    std::vector<std::string> texts;
    for (const auto& [name, value] : parameters) texts.push_back(name + "=" + value);
    std::vector<char*> environment;
    for (auto& text : texts) environment.push_back(text.data());
    environment.push_back(nullptr);
    EXPECT_EQ(::write(in.write.get(), input.data(), input.size()), static_cast<ssize_t>(input.size()));
    CgiProcess process{environment.data(), in.read.get(), out.write.release(), read_timeout};
    serve_cgi(process, handler, policy, log, random);
    in.write.reset();
    std::string answer;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::read(out.read.get(), buffer.data(), buffer.size())) > 0;) {
      answer.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return answer;
  }

  Pipe in;
  Pipe out;
  EchoHandler handler;
  http::CgiPolicy policy;
  RecordingLog log;
  SystemRandom random;
  std::chrono::milliseconds read_timeout{10'000};
};

TEST_F(CgiProgramTest, RefusesWhereTheWebServerWouldServeItsPrivateFiles) {
  auto parameters = post("/x", 5);
  parameters.push_back({"DOCUMENT_ROOT", "/srv/exposed"});
  const auto answer = run(parameters, "hello");
  EXPECT_TRUE(answer.starts_with("Status: 500 ")) << answer;
  EXPECT_EQ(answer.find("keys.json"), std::string::npos) << "why is for the log alone";
  EXPECT_TRUE(log.has("files.exposed"));
}

TEST_F(CgiProgramTest, DoesNotBelieveAClientsDocumentRoot) {
  auto parameters = post("/x", 5);
  parameters.push_back({"DOCUMENT_ROOT", "/srv/www"});
  parameters.push_back({"HTTP_DOCUMENT_ROOT", "/srv/exposed"});
  EXPECT_TRUE(run(parameters, "hello").starts_with("Status: 200 "));
}

TEST_F(CgiProgramTest, AnswersAndDoesWhatIsDue) {
  const auto answer = run(post("/x", 5), "hello and more");
  EXPECT_TRUE(answer.starts_with("Status: 200 OK\r\n")) << answer;
  EXPECT_NE(answer.find("\"body\":\"hello\""), std::string::npos);
  EXPECT_NE(answer.find("X-Request-Id: "), std::string::npos);
  EXPECT_EQ(handler.ticks(), 1);
  EXPECT_EQ(handler.rounds(), 1);
}

TEST_F(CgiProgramTest, ReadsNoBodyThatIsNotAnnounced) {
  EXPECT_NE(run(get("/x"), "hello").find("\"body_octets\":0"), std::string::npos);
}

TEST_F(CgiProgramTest, ReadsAChunkedBodyToItsEnd) {
  auto parameters = get("/x");
  parameters.push_back({"HTTP_TRANSFER_ENCODING", "chunked"});
  ASSERT_EQ(::write(in.write.get(), "hello", 5), 5);
  in.write.reset();
  in.write = Descriptor(::dup(out.write.get()));  // run() writes its empty input somewhere
  EXPECT_NE(run(parameters, "").find("\"body_octets\":5"), std::string::npos);
}

TEST_F(CgiProgramTest, RefusesTooLongABody) {
  policy.max_body = 10;
  read_timeout = std::chrono::milliseconds(50);  // the rest is awaited, lest the web server be cut off
  EXPECT_TRUE(run(post("/x", 11), "").starts_with("Status: 413 "));
}

TEST_F(CgiProgramTest, GivesUpOnABodyThatDoesNotCome) {
  read_timeout = std::chrono::milliseconds(20);
  EXPECT_TRUE(run(post("/x", 11), "").starts_with("Status: 408 "));
}

TEST_F(CgiProgramTest, RefusesAVariableThatOccursTwice) {
  auto parameters = get("/x");
  parameters.push_back({"HTTP_HOST", "other.example"});
  EXPECT_TRUE(run(parameters, "").starts_with("Status: 400 "));
}

}  // namespace
}  // namespace oidcop::fcgi
