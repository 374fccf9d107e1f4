#include "base/url.h"

#include <gtest/gtest.h>

#include <string>

namespace oidcop {
namespace {

TEST(Url, TakesTheExampleOfRfc3986Apart) {
  const auto url = Url::parse("https://Example.COM:8042/over/there?name=ferret#nose").value();
  EXPECT_EQ(url.text(), "https://Example.COM:8042/over/there?name=ferret#nose");
  EXPECT_EQ(url.scheme(), "https");
  EXPECT_TRUE(url.has_authority());
  EXPECT_EQ(url.host(), "example.com");
  EXPECT_EQ(url.port(), 8042);
  EXPECT_EQ(url.path(), "/over/there");
  EXPECT_EQ(url.query(), "name=ferret");
  EXPECT_EQ(url.fragment(), "nose");
}

TEST(Url, TellsAbsentPartsFromEmptyOnes) {
  const auto bare = Url::parse("https://a.example").value();
  EXPECT_EQ(bare.path(), "");
  EXPECT_EQ(bare.query(), std::nullopt);
  EXPECT_EQ(bare.fragment(), std::nullopt);
  EXPECT_EQ(bare.port(), std::nullopt);
  const auto empty = Url::parse("https://a.example/?#").value();
  EXPECT_EQ(empty.query(), "");
  EXPECT_EQ(empty.fragment(), "");
}

TEST(Url, NormalisesNothing) {
  constexpr std::string_view kText = "HTTPS://A.example:443/a/../b/%7e/%7E/./?x=%41&y#%c3%a4";
  const auto url = Url::parse(kText).value();
  EXPECT_EQ(url.text(), kText);
  EXPECT_EQ(url.path(), "/a/../b/%7e/%7E/./");
  EXPECT_FALSE(url == Url::parse("https://a.example/b/~/~/?x=A&y").value());
}

TEST(Url, AcceptsCustomSchemesOfNativeApplications) {
  const auto url = Url::parse("com.example.app:/oauth2redirect/provider?x=1").value();
  EXPECT_EQ(url.scheme(), "com.example.app");
  EXPECT_FALSE(url.has_authority());
  EXPECT_EQ(url.path(), "/oauth2redirect/provider");
  EXPECT_TRUE(Url::parse("com.example.app://callback"));
  EXPECT_TRUE(Url::parse("com.example.app:///callback"));
  EXPECT_TRUE(Url::parse("urn:ietf:params:oauth:grant-type:device_code"));
  EXPECT_TRUE(Url::parse("a+b-c.d9:x"));
}

TEST(Url, RefusesSchemesThatAreCodeOrContent) {
  for (const char* text : {"javascript:alert(1)", "JavaScript:alert(1)", "javascript://a.example/%0aalert(1)",
                           "data:text/html,x", "DATA:,x", "vbscript:x", "blob:https://a.example/1"}) {
    EXPECT_EQ(Url::parse(text).error().code, Errc::malformed) << text;
  }
}

TEST(Url, RefusesWhatIsNotAbsolute) {
  for (const char* text :
       {"", "/", "a", "//a.example/", "a.example/x", ":", "://a.example", "1https://a.example", "?x", "#x",
        "ht tps://a.example", "https", "-a:b", "http\xC3\xA4:x"}) {
    EXPECT_FALSE(Url::parse(text)) << text;
  }
}

TEST(Url, AWebAddressNeedsAHost) {
  for (const char* text : {"https:", "https:/", "https:a.example", "https:/a.example", "https://",
                           "https:///", "https:///a.example/", "https://?x", "https://#x", "https://:443/",
                           "http:///x", "https:\\\\a.example\\", "https://a.example:443:443/"}) {
    EXPECT_FALSE(Url::parse(text)) << text;
  }
}

TEST(Url, RefusesUserInformation) {
  for (const char* text : {"https://user@a.example/", "https://user:pw@a.example/", "https://@a.example/",
                           "https://a.example@b.example/", "https://a.example:443@b.example/",
                           "https://a.example%40b.example/", "https://a.example:@b.example/"}) {
    EXPECT_FALSE(Url::parse(text)) << text;
  }
  EXPECT_TRUE(Url::parse("https://a.example/@b")) << "in the path it means nothing";
}

TEST(Url, RefusesBackslashes) {
  for (const char* text :
       {"https://a.example\\@b.example/", "https:\\\\a.example/", "https://a.example\\b.example",
        "https://a.example/x\\y", "https://a.example/?x\\y", "https://a.example/#x\\y"}) {
    EXPECT_FALSE(Url::parse(text)) << text;
  }
}

TEST(Url, RefusesControlCharactersSpacesAndOtherCharactersEverywhere) {
  const std::string bad =
      std::string("\x01\t\n\v\r\x1F \x7F\"<>^`{|}[]\x80\xC3\xA4", 21) + std::string(1, '\0');
  for (const char c : bad) {
    for (const std::string before : {"https://a.ex", "https://a.example/p", "https://a.example/?q",
                                     "https://a.example/#f", "app:p", "ht"}) {
      EXPECT_FALSE(Url::parse(before + c + "x")) << before << static_cast<int>(c);
    }
    EXPECT_FALSE(Url::parse(std::string(1, c) + "https://a.example/"));
    EXPECT_FALSE(Url::parse("https://a.example/" + std::string(1, c)));
  }
}

TEST(Url, RefusesWhatFollowsANulInAnIpv6Address) {
  for (const std::string after : {"", "]@evil.example", "\n", " "}) {
    EXPECT_FALSE(Url::parse("http://[::1" + std::string(1, '\0') + after + "]/")) << after;
  }
}

TEST(Url, RefusesASecondNumberSign) {
  EXPECT_FALSE(Url::parse("https://a.example/#a#b"));
}

TEST(Url, AcceptsEveryCharacterThatRfc3986Allows) {
  constexpr std::string_view kPath = "/AZaz09-._~!$&'()*+,;=:@/%00%fF";
  const auto url = Url::parse("https://a.example" + std::string(kPath) + "?" + std::string(kPath) + "?#" +
                              std::string(kPath) + "?")
                       .value();
  EXPECT_EQ(url.path(), kPath);
  EXPECT_EQ(url.query(), std::string(kPath) + "?");
  EXPECT_EQ(url.fragment(), std::string(kPath) + "?");
}

TEST(Url, RefusesBadPercentEscapes) {
  for (const char* escape : {"%", "%4", "%4g", "%g4", "%%41", "%-1", "% 1", "%u0041", "%+1"}) {
    for (const std::string before :
         {"https://a.example/", "https://a.example/?", "https://a.example/#", "app:"}) {
      EXPECT_FALSE(Url::parse(before + escape)) << before << escape;
    }
  }
}

TEST(Url, HostNamesArePlain) {
  for (const char* host :
       {"a", "a.b", "xn--mller-kva.example", "a_b.example", "a-b.example", "a.example.", "1a.b1"}) {
    EXPECT_TRUE(Url::parse("https://" + std::string(host) + "/")) << host;
  }
  const std::string label(63, 'a');
  EXPECT_TRUE(Url::parse("https://" + label + ".example/"));
  for (const std::string host : {".", ".a", "a..b", "a.example..", "a%2eb", "%61", "a;b", "a,b", "a'b", "a*b",
                                 "a!b", "(a)", "a=b", "a~b", "a+b", "$a"}) {
    EXPECT_FALSE(Url::parse("https://" + host + "/")) << host;
  }
  EXPECT_FALSE(Url::parse("https://" + label + "a.example/"));
  EXPECT_FALSE(Url::parse("https://" + label + "." + label + "." + label + "." + label + "/"));
}

TEST(Url, AnIpv4AddressHasOneSpelling) {
  EXPECT_EQ(Url::parse("http://127.0.0.1/").value().host(), "127.0.0.1");
  for (const char* host : {"127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "127.0.0.0x1", "0177.0.0.1",
                           "127.0.0.01", "256.0.0.1", "1.2.3.4.5", "1.2.3.4.", "a.1", "0x", "127.0.0.1.0x"}) {
    EXPECT_FALSE(Url::parse("http://" + std::string(host) + "/")) << host;
  }
}

TEST(Url, TakesIpv6InBracketsAlone) {
  const auto url = Url::parse("http://[2001:DB8:0:0:0:0:0:1]:8080/x").value();
  EXPECT_EQ(url.host(), "2001:db8::1");
  EXPECT_EQ(url.port(), 8080);
  EXPECT_EQ(url.origin(), "http://[2001:db8::1]:8080");
  for (const char* host :
       {"[::1", "::1", "[]", "[::1]x", "[::1]x:80", "[::1%25eth0]", "[::1%eth0]", "[v1.a]", "[1.2.3.4]",
        "[:::1]", "[::g]", "[::1]]", "[[::1]]", "a[::1]", "[::1]:", "[ ::1]"}) {
    EXPECT_FALSE(Url::parse("http://" + std::string(host) + "/")) << host;
  }
}

TEST(Url, PortsAreFromOneTo65535) {
  EXPECT_EQ(Url::parse("https://a:1/").value().port(), 1);
  EXPECT_EQ(Url::parse("https://a:65535/").value().port(), 65535);
  for (const char* port : {"", "0", "65536", "99999999999999999999", "4294967739", "-1", "+443", "0443",
                           "443x", "x", "4 43", "%34", "443.0"}) {
    EXPECT_FALSE(Url::parse("https://a:" + std::string(port) + "/")) << port;
  }
}

TEST(Url, KnowsDefaultPorts) {
  EXPECT_EQ(Url::parse("https://a/").value().effective_port(), 443);
  EXPECT_EQ(Url::parse("http://a/").value().effective_port(), 80);
  EXPECT_EQ(Url::parse("https://a:8443/").value().effective_port(), 8443);
  EXPECT_EQ(Url::parse("app://a/").value().effective_port(), 0);
}

TEST(Url, OriginLeavesDefaultPortsOut) {
  EXPECT_EQ(Url::parse("HTTPS://A.Example:443/x?y#z").value().origin(), "https://a.example");
  EXPECT_EQ(Url::parse("http://a.example:80").value().origin(), "http://a.example");
  EXPECT_EQ(Url::parse("http://a.example:443").value().origin(), "http://a.example:443");
  EXPECT_EQ(Url::parse("https://a.example:8443/").value().origin(), "https://a.example:8443");
}

TEST(Url, WithoutAnAuthorityTheOriginIsOpaque) {
  EXPECT_EQ(Url::parse("com.example.app:/cb").value().origin(), "null");
}

TEST(Url, KnowsLoopbackAddresses) {
  for (const char* text : {"http://127.0.0.1/", "http://127.255.1.2:99/", "http://[::1]/", "http://[0:0::1]/",
                           "http://localhost/", "http://LOCALHOST:1/"}) {
    EXPECT_TRUE(Url::parse(text).value().is_loopback()) << text;
  }
  for (const char* text : {"http://127.example/", "http://127.0.0.1.example/", "http://128.0.0.1/",
                           "http://[::2]/", "http://localhost.example/", "http://a.localhost/",
                           "http://0.0.0.0/", "http://[::]/", "http://localhost./", "app:/127.0.0.1"}) {
    EXPECT_FALSE(Url::parse(text).value().is_loopback()) << text;
  }
}

TEST(Url, ExtendsItsQuery) {
  const auto with = [](const char* text) { return Url::parse(text).value().with_query("a=1"); };
  EXPECT_EQ(with("https://a.example"), "https://a.example?a=1");
  EXPECT_EQ(with("https://a.example/x"), "https://a.example/x?a=1");
  EXPECT_EQ(with("https://a.example/x?"), "https://a.example/x?a=1");
  EXPECT_EQ(with("https://a.example/x?b=2"), "https://a.example/x?b=2&a=1");
  EXPECT_EQ(with("https://a.example/x?b=2&"), "https://a.example/x?b=2&a=1");
  EXPECT_EQ(with("https://a.example/x#f"), "https://a.example/x?a=1#f");
  EXPECT_EQ(with("https://a.example/x?b#f?g"), "https://a.example/x?b&a=1#f?g");
  EXPECT_EQ(with("app:/cb"), "app:/cb?a=1");
  EXPECT_EQ(Url::parse("https://a.example/").value().with_query(""), "https://a.example/");
}

TEST(Url, ReplacesItsFragment) {
  EXPECT_EQ(Url::parse("https://a.example/x?y#old").value().with_fragment("a=1"),
            "https://a.example/x?y#a=1");
  EXPECT_EQ(Url::parse("https://a.example/x").value().with_fragment("a=1"), "https://a.example/x#a=1");
}

TEST(Url, ErrorsDoNotEchoTheInput) {
  for (const char* text : {"canary", "https://canary@a.example/", "https://a.example/canary\\",
                           "https://canary!/", "https://a.example:canary/", "javascript:canary"}) {
    EXPECT_EQ(Url::parse(text).error().detail.find("canary"), std::string::npos) << text;
  }
}

TEST(PercentCoding, KeepsUnreservedCharactersAndPlus) {
  EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encode("a b+c/\xC3\xA4"), "a%20b%2Bc%2F%C3%A4");
  EXPECT_EQ(percent_decode("a%20b+c%2f%C3%a4").value(), "a b+c/\xC3\xA4");
}

TEST(PercentCoding, DecodesOnceOnly) {
  EXPECT_EQ(percent_decode("%2541").value(), "%41");
}

TEST(PercentCoding, RefusesBadEscapesAndNul) {
  for (const char* text : {"%", "a%", "%4", "%4x", "%x4", "%00", "a%00b"}) {
    EXPECT_EQ(percent_decode(text).error().code, Errc::malformed) << text;
  }
  EXPECT_FALSE(percent_decode(std::string_view("a\0b", 3)));
}

}  // namespace
}  // namespace oidcop
