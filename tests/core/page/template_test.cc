#include "page/template.h"

#include <gmock/gmock.h>

#include <map>
#include <thread>
#include <vector>

namespace oidcop::page {
namespace {

using ::testing::HasSubstr;

Template::Source files(std::map<std::string, std::string> files) {
  return [files = std::move(files)](const std::string& name) -> Result<std::string> {
    const auto found = files.find(name);
    if (found == files.end()) return fail(Errc::not_found, name + " is missing");
    return found->second;
  };
}

Locale locale_with(const std::string& name, const std::string& text) {
  return Locale("en", Texts{{name, *parse_text(text)}});
}

std::string render(const std::string& source, const kainjow::mustache::object& data) {
  const auto parsed = Template::load("page", files({{"page", source}}), {});
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().detail);
  return *parsed->render(Data(data), locale_with("greeting", "Good day"));
}

TEST(Template, EscapesInTextAndInAttributes) {
  EXPECT_EQ(render("<p title=\"{{v}}\">{{v}}</p>", {{"v", Data(std::string("<\"'&>"))}}),
            "<p title=\"&lt;&quot;&#39;&amp;&gt;\">&lt;&quot;&#39;&amp;&gt;</p>");
}

TEST(Template, NeverReadsAValueAsATemplate) {
  EXPECT_EQ(render("{{v}}", {{"v", Data(std::string("{{greeting}}"))}}), "{{greeting}}");
}

TEST(Template, FindsTextsBehindTheValuesOfThePage) {
  EXPECT_EQ(render("{{greeting}}", {}), "Good day");
  EXPECT_EQ(render("{{greeting}}", {{"greeting", Data(std::string("Hello"))}}), "Hello");
}

TEST(Template, PutsPartialsInPlace) {
  const auto parsed = Template::load("page",
                                     files({{"page", "  {{> head}}\n<p>{{v}}</p>\n{{>foot}}"},
                                            {"head", "<h1>{{v}}</h1>\n"},
                                            {"foot", "{{> head}}"}}),
                                     {"v"});
  ASSERT_TRUE(parsed) << parsed.error().detail;
  EXPECT_EQ(
      *parsed->render(Data(kainjow::mustache::object{{"v", Data(std::string("1"))}}), locale_with("x", "y")),
      "<h1>1</h1>\n<p>1</p>\n<h1>1</h1>\n");
}

TEST(Template, RefusesPartialsThatContainThemselves) {
  const auto parsed = Template::load("page", files({{"page", "{{> page}}"}}), {});
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().detail, HasSubstr("nested too deeply"));
}

TEST(Template, NamesAPartialThatIsMissing) {
  EXPECT_EQ(Template::load("page", files({{"page", "{{> head}}"}}), {}).error().code, Errc::not_found);
}

TEST(Template, RefusesWhatWouldBeWrittenUnescaped) {
  for (const auto* source : {"{{{v}}}", "{{&v}}", "{{ & v }}", "{{=<% %>=}}", "<p>{{#s}}{{{v}}}{{/s}}"}) {
    EXPECT_FALSE(check_template(source)) << source;
  }
}

TEST(Template, RefusesValuesWhereEscapingDoesNotHelp) {
  for (const auto* source : {"<a href={{v}}>", "<{{v}}>", "<p {{v}}>", "<!-- {{v}} -->",
                             "<script>{{v}}</script>", "<STYLE>x</STYLE>", "<script src=\"x\"></script>",
                             R"(<script src="{{other}}" defer></script>)", "{{v", "{{}}"}) {
    EXPECT_FALSE(check_template(source)) << source;
  }
}

TEST(Template, AllowsValuesInTextAndInQuotes) {
  for (const auto* source : {"{{v}}", "<a href=\"{{v}}\" title='{{v}}'>{{v}}</a>", "<p{{#s}} hidden{{/s}}>",
                             R"(<script src="{{script}}" defer></script>)",
                             "{{! a remark }}<!-- remark --> <strong>{{v}}</strong>"}) {
    const auto checked = check_template(source);
    EXPECT_TRUE(checked) << source << ": " << checked.error().detail;
  }
}

TEST(Template, SaysWhereTheMistakeIs) {
  EXPECT_THAT(check_template("<p>\n\n<a href={{link}}>").error().detail, HasSubstr("line 3: {{link}}"));
}

TEST(Template, RefusesAPageWithoutTheFieldsItsFormNeeds) {
  const auto parsed = Template::load("login", files({{"login", "<form></form>"}}), {"seal"});
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().detail, "template login: the page needs {{seal}}");
}

TEST(Template, RefusesSectionsThatDoNotMatch) {
  for (const auto* source : {"{{#a}}", "{{/a}}", "{{#a}}{{/b}}"}) {
    EXPECT_FALSE(Template::load("page", files({{"page", source}}), {})) << source;
  }
}

TEST(Template, RendersFromManyThreadsAtOnce) {
  const auto parsed = Template::load(
      "page", files({{"page", "{{#list}}<p>{{v}}{{^none}}{{greeting}}{{/none}}</p>\n{{/list}}"}}), {});
  ASSERT_TRUE(parsed);
  const Locale locale = locale_with("greeting", "Good day");
  std::vector<std::string> results(8);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < results.size(); ++i) {
    threads.emplace_back([&, i] {
      List list;
      for (int n = 0; n < 50; ++n)
        list.push_back(Data(kainjow::mustache::object{{"v", Data(std::to_string(n))}}));
      for (int n = 0; n < 20; ++n)
        results[i] = *parsed->render(Data(kainjow::mustache::object{{"list", Data(list)}}), locale);
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& result : results) EXPECT_EQ(result, results[0]);
  EXPECT_THAT(results[0], HasSubstr("<p>49Good day</p>"));
}

}  // namespace
}  // namespace oidcop::page
