#include "core/model/NetworkFile.h"

#include <algorithm>

namespace limpid {

namespace {

[[noreturn]] void tooLarge(const std::string& found, const std::string& limit)
{
    throw Error(ErrorCode::NetworkTooLarge, {{"node", ""}, {"found", found}, {"limit", limit}});
}

constexpr int deepest = 16; // a network's own JSON has 6 levels

/// Goes through a text without keeping anything of it. (The parser's own callback looks through a whole list after each member.)
class Counter final : public nlohmann::json_sax<nlohmann::json>
{
public:
    bool null() override { return count(); }
    bool boolean(bool) override { return count(); }
    bool number_integer(number_integer_t) override { return count(); }
    bool number_unsigned(number_unsigned_t) override { return count(); }
    bool number_float(number_float_t, const string_t&) override { return count(); }
    bool string(string_t&) override { return count(); }
    bool binary(binary_t&) override { return count(); }
    bool key(string_t&) override { return count(); }
    bool start_object(std::size_t) override { return enter(); }
    bool start_array(std::size_t) override { return enter(); }
    bool end_object() override { return leave(); }
    bool end_array() override { return leave(); }
    bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override { return false; } // the parser says it

private:
    bool count()
    {
        if (++m_values > mostNetworkValues)
            tooLarge("> " + std::to_string(mostNetworkValues) + " values", std::to_string(mostNetworkValues) + " values");
        return true;
    }
    bool enter()
    {
        if (++m_depth > deepest)
            tooLarge("> " + std::to_string(deepest) + " levels", std::to_string(deepest) + " levels");
        return count();
    }
    bool leave()
    {
        --m_depth;
        return true;
    }

    std::size_t m_values = 0;
    int m_depth = 0;
};

} // namespace

NetworkSpec readNetworkText(std::string_view text, const std::string& path)
{
    if (text.size() > longestNetworkText)
        tooLarge("> " + std::to_string(longestNetworkText >> 20) + " MiB", std::to_string(longestNetworkText >> 20) + " MiB");
    Counter counter;
    nlohmann::json json;
    try {
        nlohmann::json::sax_parse(text.begin(), text.end(), &counter);
        json = nlohmann::json::parse(text.begin(), text.end());
    } catch (const nlohmann::json::parse_error& error) {
        const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(error.byte, text.size()));
        throw Error(ErrorCode::JsonInvalid, {{"path", path}, {"line", std::to_string(1 + std::count(text.begin(), end, '\n'))}}, error.what());
    } catch (const nlohmann::json::exception& error) { // a number out of range
        throw Error(ErrorCode::JsonInvalid, {{"path", path}, {"line", ""}}, error.what());
    }
    try {
        return NetworkSpec::fromJson(json);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::NetworkFormat)
            throw;
        throw Error(ErrorCode::NetworkFormat, {{"reason", fact(error.facts(), "reason")}, {"path", path}});
    }
}

} // namespace limpid
