#include "core/engine/Checkpoint.h"

#include <nlohmann/json.hpp>

#include <bit>
#include <cstring>
#include <span>

namespace limpid::engine {

using nlohmann::json;

namespace {

// "LIMPIDCK", the length of the JSON header (8 bytes, little-endian), the header, then all floats as they lie in memory.
// Numbers in double precision stand in the header as their bits, so that none is rounded and all may be infinite.
constexpr std::string_view magic = "LIMPIDCK";
constexpr int formatVersion = 1;

json bits(double value) { return std::bit_cast<std::uint64_t>(value); }
double fromBits(const json& value) { return std::bit_cast<double>(value.get<std::uint64_t>()); }

/// Writes floats one after another, and reads them back in the same order.
class Floats
{
public:
    explicit Floats(std::string_view bytes = {}) : m_in(bytes) {}

    /// Keeps a reference until append().
    json put(const std::vector<float>& values)
    {
        m_parts.push_back(values);
        return values.size();
    }
    /// Of what has been put.
    std::size_t bytes() const
    {
        std::size_t bytes = 0;
        for (const std::span<const float> part : m_parts)
            bytes += part.size_bytes();
        return bytes;
    }
    /// Each value is copied but once: a state is several times as large as the model.
    void append(std::string& to) const
    {
        for (const std::span<const float> part : m_parts)
            if (!part.empty())
                to.append(reinterpret_cast<const char*>(part.data()), part.size_bytes());
    }
    std::vector<float> take(const json& count)
    {
        const auto size = count.get<std::size_t>();
        if (size > m_in.size() / sizeof(float))
            throw std::out_of_range("floats");
        std::vector<float> values(size);
        if (size > 0) // an empty vector may have no address
            std::memcpy(values.data(), m_in.data(), size * sizeof(float));
        m_in.remove_prefix(size * sizeof(float));
        return values;
    }
    bool allTaken() const { return m_in.empty(); }

private:
    std::vector<std::span<const float>> m_parts;
    std::string_view m_in;
};

json stateJson(const State& state, Floats& floats)
{
    json parts = json::array();
    for (const NamedState& part : state) {
        json entry{{"name", part.name}};
        if (const auto* integer = std::get_if<std::int64_t>(&part.value))
            entry["integer"] = *integer;
        else if (const auto* real = std::get_if<double>(&part.value))
            entry["real"] = bits(*real);
        else
            entry["floats"] = floats.put(std::get<std::vector<float>>(part.value));
        parts.push_back(std::move(entry));
    }
    return parts;
}

State stateFrom(const json& parts, Floats& floats)
{
    State state;
    for (const json& entry : parts) {
        NamedState part{entry.at("name").get<std::string>(), std::int64_t{0}};
        if (entry.contains("integer"))
            part.value = entry["integer"].get<std::int64_t>();
        else if (entry.contains("real"))
            part.value = fromBits(entry["real"]);
        else
            part.value = floats.take(entry.at("floats"));
        state.push_back(std::move(part));
    }
    return state;
}

json metricsJson(const MetricSet& metrics)
{
    json values = json::object();
    for (const auto& [name, value] : metrics.values)
        values[name] = bits(value);
    return {{"values", values}, {"confusion", metrics.confusion}};
}

MetricSet metricsFrom(const json& source)
{
    MetricSet metrics;
    for (const auto& [name, value] : source.at("values").items())
        metrics.values[name] = fromBits(value);
    source.at("confusion").get_to(metrics.confusion);
    return metrics;
}

} // namespace

std::string Checkpoint::toBytes() const
{
    Floats floats;
    json header{{"version", formatVersion}, {"epoch", epoch}, {"stepInEpoch", stepInEpoch}, {"steps", steps},
                {"lossSum", bits(lossSum)}, {"seconds", bits(seconds)}, {"finishedEpochs", finishedEpochs},
                {"sinceBest", sinceBest}, {"bestEpoch", bestEpoch}, {"bestLoss", bits(bestLoss)},
                {"bestValidation", metricsJson(bestValidation)}, {"dropout", dropout}};
    header["values"] = floats.put(values);
    header["best"] = floats.put(best);
    header["average"] = floats.put(average);
    header["metOutputs"] = floats.put(metOutputs);
    header["metTargets"] = floats.put(metTargets);
    header["optimizer"] = stateJson(optimizer, floats);
    header["schedule"] = stateJson(schedule, floats);
    const std::string text = header.dump();
    std::string bytes;
    bytes.reserve(magic.size() + 8 + text.size() + floats.bytes());
    bytes += magic;
    for (int byte = 0; byte < 8; ++byte)
        bytes += static_cast<char>(text.size() >> (8 * byte) & 0xff);
    bytes += text;
    floats.append(bytes);
    return bytes;
}

Checkpoint Checkpoint::fromBytes(std::string_view bytes, const std::string& path)
{
    try {
        if (!bytes.starts_with(magic) || bytes.size() < magic.size() + 8)
            throw std::out_of_range("header");
        std::size_t length = 0;
        for (std::size_t byte = 8; byte-- > 0;)
            length = length << 8 | static_cast<unsigned char>(bytes[magic.size() + byte]);
        bytes.remove_prefix(magic.size() + 8);
        if (length > bytes.size())
            throw std::out_of_range("header");
        const json header = json::parse(bytes.substr(0, length));
        if (header.at("version").get<int>() != formatVersion)
            throw std::out_of_range("version");
        Floats floats(bytes.substr(length));
        Checkpoint made;
        header.at("epoch").get_to(made.epoch);
        header.at("stepInEpoch").get_to(made.stepInEpoch);
        header.at("steps").get_to(made.steps);
        made.lossSum = fromBits(header.at("lossSum"));
        made.seconds = fromBits(header.at("seconds"));
        header.at("finishedEpochs").get_to(made.finishedEpochs);
        header.at("sinceBest").get_to(made.sinceBest);
        header.at("bestEpoch").get_to(made.bestEpoch);
        made.bestLoss = fromBits(header.at("bestLoss"));
        made.bestValidation = metricsFrom(header.at("bestValidation"));
        header.at("dropout").get_to(made.dropout);
        made.values = floats.take(header.at("values"));
        made.best = floats.take(header.at("best"));
        made.average = floats.take(header.at("average"));
        made.metOutputs = floats.take(header.at("metOutputs"));
        made.metTargets = floats.take(header.at("metTargets"));
        made.optimizer = stateFrom(header.at("optimizer"), floats);
        made.schedule = stateFrom(header.at("schedule"), floats);
        if (!floats.allTaken())
            throw std::out_of_range("length");
        return made;
    } catch (const std::exception& failure) { // of JSON, or of the above
        throw Error(ErrorCode::BundleInvalid, {{"path", path}, {"reason", "checkpoint"}}, failure.what());
    }
}

} // namespace limpid::engine
