#include "config_files.h"

#include <gmock/gmock.h>

namespace oidcop::config {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using LoadConfig = ConfigFiles;

TEST_F(LoadConfig, AnIssuerAloneIsACompleteProvider) {
  const auto loaded = load(R"({"issuer": "https://op.example.org"})");
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  const auto& config = loaded->config;
  EXPECT_EQ(config.issuer.text(), "https://op.example.org");
  EXPECT_EQ(config.endpoint_url("token"), "https://op.example.org/token");
  EXPECT_EQ(config.endpoint_url("refresh_token"), std::nullopt);
  EXPECT_EQ(config.database.synchronous, Synchronous::full);
  EXPECT_EQ(config.authentication.size(), 1U);
  EXPECT_EQ(config.authz.refresh.grace, Seconds(10));
  EXPECT_TRUE(config.add_on.pkce.essential);
  EXPECT_EQ(warnings_of(loaded), "");
  EXPECT_EQ(loaded->files, std::vector<std::filesystem::path>{folder_ / "oidcop.json"});
}

TEST_F(LoadConfig, CommentsAreAllowed) {
  EXPECT_EQ(problems_in("// ours\n{ /* who we are */ \"issuer\": \"https://op.example.org\" // the end\n}"),
            "none");
}

TEST_F(LoadConfig, ReportsEveryMistakeAtOnce) {
  EXPECT_EQ(
      problems_in(R"({
      "issuer": "http://op.example.org",
      "endpont": {},
      "log": {"level": "loud", "format": 1},
      "keys": {"max_age": "soon"},
      "authz": {"refresh": {"rotation": "sometimes"}}})"),
      "authz.refresh.rotation: is not one of \"always\", \"public_clients\", \"never\"\n"
      "endpont: unknown key (did you mean \"endpoint\"?)\n"
      "issuer: is not an https URL\n"
      "keys.max_age: is not a duration: whole seconds, or a text such as \"90s\", \"10m\", \"12h\", \"30d\"\n"
      "log.format: expected a text, found a number\n"
      "log.level: is not one of \"debug\", \"info\", \"warning\", \"error\"\n");
}

TEST_F(LoadConfig, ReportsMistakesAndContradictionsTogether) {
  EXPECT_EQ(problems_with(R"("lag": {}, "session_params": {"sso_idle_lifetime": "2d"})"),
            "lag: unknown key (did you mean \"log\"?)\n"
            "session_params.sso_idle_lifetime: is 2d, longer than session_params.sso_lifetime (1d)\n");
}

TEST_F(LoadConfig, AContradictionThatRestsOnARefusedValueIsNotReported) {
  EXPECT_EQ(problems_with(R"("session_params": {"sso_idle_lifetime": "2d", "sso_lifetime": "yes"})"),
            "session_params.sso_lifetime: is not a duration: whole seconds, or a text such as \"90s\", "
            "\"10m\", \"12h\", "
            "\"30d\"\n");
}

TEST_F(LoadConfig, AMissingIssuerIsOneProblemAmongOthers) {
  EXPECT_EQ(problems_in(R"({"version": 2})"),
            "version: is out of range: 1\n"
            "issuer: is missing: the https URL that relying parties know this provider by\n");
}

TEST_F(LoadConfig, ProblemsNameTheFile) {
  const auto loaded = load_with(R"("lag": 1)");
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().at(0).file, (folder_ / "oidcop.json").string());
  EXPECT_EQ(loaded.error().at(0).text(),
            (folder_ / "oidcop.json").string() + ": lag: unknown key (did you mean \"log\"?)");
}

TEST_F(LoadConfig, AFileThatIsNotThereIsAProblem) {
  EXPECT_THAT(problems_of(load()), StartsWith("cannot be opened"));
}

TEST_F(LoadConfig, AFileThatIsNotAnObjectIsAProblem) {
  EXPECT_EQ(problems_in("[1]"), "must hold one object\n");
}

TEST_F(LoadConfig, RelativePathsCountFromTheFolderOfTheFile) {
  const auto loaded = load_with(
      R"("database": {"path": "../x/./op.db"}, "keys": {"public_path": "/srv/jwks.json"},
         "responder": {"listen": "unix:run/socket"}, "template_dir": "pages")");
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  EXPECT_EQ(loaded->config.database.path, folder_.parent_path() / "x/op.db");
  EXPECT_EQ(loaded->config.keys.public_path, "/srv/jwks.json");
  EXPECT_EQ(loaded->config.keys.private_path, folder_ / "private/jwks.json");
  EXPECT_EQ(loaded->config.responder.listen, "unix:" + (folder_ / "run/socket").string());
  EXPECT_EQ(loaded->config.template_dir, folder_ / "pages");
}

TEST_F(LoadConfig, AFileNamedRelativelyGivesAbsolutePaths) {
  put("oidcop.json", R"({"issuer": "https://op.example.org"})");
  const auto relative = std::filesystem::relative(folder_ / "oidcop.json");
  const auto loaded = load_config(relative, FixedEnvironment());
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  EXPECT_TRUE(loaded->config.database.path.is_absolute()) << loaded->config.database.path;
}

TEST_F(LoadConfig, FragmentsAreMergedInOrderOfTheirNames) {
  put("oidcop.json", R"({"issuer": "https://op.example.org", "log": {"level": "debug", "format": "json"},
                         "allowed_scopes": ["openid"]})");
  put("oidcop.json.d/20-b.json", R"({"allowed_scopes": ["openid", "email"]})");
  put("oidcop.json.d/10-a.json", R"({"log": {"level": "error"}, "allowed_scopes": ["openid", "phone"]})");
  put("oidcop.json.d/README", "not read");
  put("oidcop.json.d/.30-c.json", "not read");
  const auto loaded = load();
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  EXPECT_EQ(loaded->config.log.level, LogLevel::error);
  EXPECT_EQ(loaded->config.log.format, LogFormat::json) << "objects merge";
  EXPECT_EQ(loaded->config.allowed_scopes, (std::vector<std::string>{"openid", "email"})) << "lists replace";
  EXPECT_EQ(loaded->files.size(), 3U);
  EXPECT_EQ(loaded->files.back(), folder_ / "oidcop.json.d/20-b.json");
}

TEST_F(LoadConfig, TheSameScalarInTwoFragmentsIsAContradiction) {
  put("oidcop.json", R"({"issuer": "https://op.example.org"})");
  put("oidcop.json.d/a.json", R"({"version": 1, "log": {"level": "error"}})");
  put("oidcop.json.d/b.json", R"({"version": 1, "log": {"level": "debug"}})");
  EXPECT_EQ(problems_of(load()),
            "oidcop.json.d/b.json: log.level: is set in oidcop.json.d/a.json, too; only one may set it\n");
}

TEST_F(LoadConfig, TheSameSecretInTwoFragmentsIsAContradictionAndNeverMerged) {
  put("oidcop.json", R"({"issuer": "https://op.example.org"})");
  put("oidcop.json.d/a.json", R"({"responder": {"shared_secret": {"env": "A"}}})");
  put("oidcop.json.d/b.json", R"({"responder": {"shared_secret": {"file": "b"}}})");
  put("b", "0123456789abcdef");
  EXPECT_EQ(problems_of(load()),
            "oidcop.json.d/b.json: responder.shared_secret: is set in oidcop.json.d/a.json, too; "
            "only one may set it\n");
}

TEST_F(LoadConfig, AFragmentMayReplaceASecretOfTheMainFileByOneOfAnotherKind) {
  put("oidcop.json", R"({"issuer": "https://op.example.org", "responder": {"shared_secret": {"env": "A"}}})");
  put("oidcop.json.d/b.json", R"({"responder": {"shared_secret": {"file": "b"}}})");
  put("b", "0123456789abcdef");
  const auto loaded = load();
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  EXPECT_EQ(loaded->config.responder.shared_secret.value().reveal(), "0123456789abcdef");
}

TEST_F(LoadConfig, AProblemInAFragmentNamesTheFragment) {
  put("oidcop.json", R"({"issuer": "https://op.example.org"})");
  put("oidcop.json.d/a.json", R"({"session_params": {"sso_idle_lifetime": "3d"}, "keys": {"max_ago": 3}})");
  put("oidcop.json.d/b.json", "{");
  const auto text = problems_of(load());
  EXPECT_THAT(
      text, HasSubstr("oidcop.json.d/a.json: keys.max_ago: unknown key (did you mean \"keys.max_age\"?)\n"));
  EXPECT_THAT(text, HasSubstr("oidcop.json.d/a.json: session_params.sso_idle_lifetime: is 3d, longer than"));
  EXPECT_THAT(text, HasSubstr("oidcop.json.d/b.json: JSON: "));
}

TEST_F(LoadConfig, EndpointsAddedByFragmentsJoinTheOthers) {
  put("oidcop.json", R"({"issuer": "https://op.example.org", "endpoint": {"token": {}, "jwks": {}}})");
  put("oidcop.json.d/a.json", R"({"endpoint": {"authorization": {"path": "auth"}, "provider_info": {}}})");
  const auto loaded = load();
  ASSERT_TRUE(loaded) << to_text(loaded.error());
  EXPECT_EQ(loaded->config.endpoint.size(), 4U);
  EXPECT_EQ(loaded->config.endpoint_url("authorization"), "https://op.example.org/auth");
  EXPECT_EQ(loaded->config.endpoint_url("userinfo"), std::nullopt) << "not named, hence off";
}

TEST_F(LoadConfig, ADeeplyNestedFileIsRefused) {
  const std::string deep(100'000, '[');
  EXPECT_THAT(problems_in(deep), HasSubstr("JSON: "));
}

TEST_F(LoadConfig, RepeatedMembersAreRefused) {
  EXPECT_THAT(problems_in(R"({"issuer": "https://a.example", "issuer": "https://b.example"})"),
              HasSubstr("JSON: "));
}

TEST_F(LoadConfig, AFileThatIsTooLargeIsRefused) {
  EXPECT_THAT(problems_in("{\"issuer\": \"" + std::string(2U << 20U, 'x') + "\"}"), HasSubstr("larger than"));
}

TEST_F(LoadConfig, HugeNumbersAreOutOfRange) {
  EXPECT_EQ(problems_with(R"("responder": {"workers": 18446744073709551615, "read_timeout": -1,
                                           "write_timeout": 1e3, "idle_timeout": "99999999999999999999d"})"),
            "responder.idle_timeout: is not a duration: whole seconds, or a text such as \"90s\", \"10m\", "
            "\"12h\", "
            "\"30d\"\n"
            "responder.read_timeout: is out of range: 1s to 5m\n"
            "responder.workers: is out of range: 1 to 256 threads\n"
            "responder.write_timeout: is not a whole number of seconds\n");
  EXPECT_THAT(problems_with(R"("version": 1e400)"), HasSubstr("JSON: "));
}

TEST_F(LoadConfig, ManyMistakesAreCutShort) {
  std::string members = R"("x0": 1)";
  for (int i = 1; i < 5000; ++i) members += ", \"x" + std::to_string(i) + "\": 1";
  const auto loaded = load_with(members);
  ASSERT_FALSE(loaded);
  EXPECT_LE(loaded.error().size(), 102U);
  EXPECT_THAT(to_text(loaded.error()), HasSubstr("more problems"));
}

TEST_F(LoadConfig, ForeignNamesCannotPlayTricksInMessages) {
  EXPECT_EQ(problems_with("\"a\\n\\u001b[31m\\\"\\u202e\": 1"),
            "\"a\\x0a\\x1b[31m\\x22\\xe2\\x80\\xae\": unknown key\n");
}

TEST_F(LoadConfig, WarnsOfAFileThatEverybodyMayChange) {
  put("oidcop.json", R"({"issuer": "https://op.example.org"})", 0666);
  EXPECT_THAT(warnings_of(load()), HasSubstr("can be changed by every user of this machine; chmod o-w "));
}

}  // namespace
}  // namespace oidcop::config
