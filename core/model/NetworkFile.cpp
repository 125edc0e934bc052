#include "core/model/NetworkFile.h"

#include <algorithm>

namespace limpid {

namespace {

[[noreturn]] void tooLarge(const std::string& found, const std::string& limit)
{
    throw Error(ErrorCode::NetworkTooLarge, {{"node", ""}, {"found", found}, {"limit", limit}});
}

} // namespace

NetworkSpec readNetworkText(std::string_view text, const std::string& path)
{
    constexpr int deepest = 16; // a network's own JSON has 6 levels
    if (text.size() > longestNetworkText)
        tooLarge(std::to_string(text.size() >> 20) + " MiB", std::to_string(longestNetworkText >> 20) + " MiB");
    std::size_t values = 0;
    const auto watch = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        if (++values > mostNetworkValues)
            tooLarge("> " + std::to_string(mostNetworkValues) + " values", std::to_string(mostNetworkValues) + " values");
        if (depth > deepest)
            throw Error(ErrorCode::NetworkFormat, {{"reason", "> " + std::to_string(deepest) + " [{"}});
        return true;
    };
    nlohmann::json json;
    try {
        json = nlohmann::json::parse(text.begin(), text.end(), watch);
    } catch (const nlohmann::json::exception& error) { // parse_error, and out_of_range of a number
        const auto* parse = dynamic_cast<const nlohmann::json::parse_error*>(&error);
        const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(parse ? parse->byte : 0, text.size()));
        throw Error(ErrorCode::JsonInvalid, {{"path", path}, {"line", std::to_string(1 + std::count(text.begin(), end, '\n'))}}, error.what());
    }
    return NetworkSpec::fromJson(json);
}

} // namespace limpid
