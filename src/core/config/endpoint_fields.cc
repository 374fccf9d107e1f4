#include "config/endpoint_fields.h"

#include "config/shapes.h"

namespace oidcop::config {

Endpoint* endpoint_of(Config& config, const Place& place) {
  const auto found = config.endpoint.find(place.at(1));
  return found == config.endpoint.end() ? nullptr : &found->second;
}

Field endpoint_field(const std::string& name, std::string_view doc) {
  auto row = section("endpoint." + name, doc);
  row.enter = [](Config& config, const Place& place) {
    config.endpoint.insert_or_assign(place.at(1), default_endpoint(place.at(1)));
  };
  return row;
}

Field path_field(const std::string& endpoint_path) {
  return field(
             endpoint_path + ".path",
             [](Config& c, const Place& p) {
               auto* endpoint = endpoint_of(c, p);
               return endpoint == nullptr ? nullptr : &endpoint->path;
             },
             "Where it is, below the issuer.")
      .shaped(kUrlPath);
}

Field cors_field(const std::string& endpoint_path) {
  return field(
      endpoint_path + ".cors",
      [](Config& c, const Place& p) {
        auto* endpoint = endpoint_of(c, p);
        return endpoint == nullptr ? nullptr : &endpoint->cors;
      },
      "Whether scripts of other sites may read the answers. `any` is harmless where no cookie decides, and "
      "what "
      "browser applications need.");
}

Field methods_field(const std::string& endpoint_path, std::vector<std::string_view> methods,
                    std::string_view doc) {
  return field(
             endpoint_path + ".client_authn_method",
             [](Config& c, const Place& p) {
               auto* endpoint = endpoint_of(c, p);
               return endpoint == nullptr ? nullptr : &endpoint->client_authn_method;
             },
             doc)
      .one_of(std::move(methods))
      .never_empty();
}

}  // namespace oidcop::config
