#include "tests/fuzz/HostileJson.h"

#include "tests/core/engine/RandomParams.h"

#include <limits>

namespace limpid::fuzz {

using test::chance;
using test::pick;
using test::pickFrom;

namespace {

using Json = nlohmann::json;

Json strangeValue(Random& random)
{
    static const std::vector<Json> values{
        nullptr, true, false, 0, -1, 1, 2, 63, 4096, 65'536, 65'537, -1'000'000, 1e300, -1e300, 1e-300, 0.5, std::numeric_limits<std::int64_t>::min(),
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::uint64_t>::max(), "", "x", "Linear", "Block", "BlockInput", "numbers", "\n",
        Json::array(), Json::object(), Json::array({1, -1, -1}), Json::array({65'536, 65'536, 65'536, 65'536}), Json::array({"x", 1}), Json::array({Json::array({1})})};
    return pickFrom(random, values);
}

/// Any value in the text's tree, by a random walk from the root.
Json& anywhere(Json& root, Random& random)
{
    Json* at = &root;
    while (at->is_structured() && !at->empty() && !chance(random, 0.15)) {
        auto next = at->begin();
        std::advance(next, static_cast<std::ptrdiff_t>(random.below(at->size())));
        at = &*next;
    }
    return *at;
}

Json& anyNode(Json& root, Random& random)
{
    Json* graph = &root;
    if (root.contains("blocks") && root["blocks"].is_array() && !root["blocks"].empty() && chance(random, 0.4))
        graph = &root["blocks"][random.below(root["blocks"].size())];
    if (graph->is_object() && graph->contains("nodes") && (*graph)["nodes"].is_array() && !(*graph)["nodes"].empty())
        return (*graph)["nodes"][random.below((*graph)["nodes"].size())];
    return anywhere(root, random);
}

std::string anyId(Json& root, Random& random)
{
    const Json& node = anyNode(root, random);
    return node.is_object() && node.contains("id") && node["id"].is_string() ? node["id"].get<std::string>() : "x";
}

/// A setting of the catalogue, from the edges of its range.
void edgeParam(Json& node, Random& random)
{
    if (!node.is_object())
        return;
    const LayerType& type = pickFrom(random, layerCatalog());
    if (chance(random, 0.3))
        node["type"] = type.name;
    const LayerType* known = node.contains("type") && node["type"].is_string() ? findLayer(node["type"].get<std::string>()) : nullptr;
    if (!known || known->params.empty())
        return;
    const ParamSpec& spec = pickFrom(random, known->params);
    if (!node.contains("params") || !node["params"].is_object())
        node["params"] = Json::object();
    Json value = strangeValue(random);
    if (spec.type == ParamType::Choice)
        value = pickFrom(random, spec.choices);
    else if (spec.type == ParamType::Integer || spec.type == ParamType::Integers)
        value = static_cast<std::int64_t>(chance(random, 0.5) ? spec.max : spec.min);
    else if (spec.type == ParamType::Real)
        value = chance(random, 0.5) ? spec.max : spec.min;
    node["params"][spec.name] = value;
}

void change(Json& root, int kind, Random& random)
{
    switch (kind) {
    case 0: anywhere(root, random) = strangeValue(random); break;
    case 1: edgeParam(anyNode(root, random), random); break;
    case 2: {
        Json& node = anyNode(root, random);
        if (node.is_object())
            node["inputs"] = {anyId(root, random), anyId(root, random)};
        break;
    }
    case 3: {
        Json& node = anyNode(root, random);
        if (node.is_object())
            node["shares"] = anyId(root, random);
        break;
    }
    case 4: {
        const Json copy = anywhere(root, random);
        anywhere(root, random) = copy;
        break;
    }
    case 5: {
        Json& at = anywhere(root, random);
        if (at.is_array() && at.size() < 50)
            at.push_back(chance(random, 0.5) || at.empty() ? strangeValue(random) : Json(at.front()));
        else if (at.is_object())
            at[chance(random, 0.5) ? "params" : "id"] = strangeValue(random);
        break;
    }
    case 6: {
        Json& at = anywhere(root, random);
        if (at.is_structured() && !at.empty()) {
            auto gone = at.begin();
            std::advance(gone, static_cast<std::ptrdiff_t>(random.below(at.size())));
            at.erase(gone);
        }
        break;
    }
    case 7: { // a use of a block, perhaps within itself
        Json& node = anyNode(root, random);
        if (node.is_object() && root.is_object() && root.contains("blocks") && root["blocks"].is_array() && !root["blocks"].empty()) {
            const Json& block = root["blocks"][random.below(root["blocks"].size())];
            node["type"] = "Block";
            node["params"] = {{"block", block.is_object() && block.contains("name") ? Json(block["name"]) : Json("x")}, {"repeat", pick(random, 0, 100)}};
        }
        break;
    }
    case 8: {
        Json& node = anyNode(root, random);
        if (node.is_object() && node.contains("params") && node["params"].is_object() && !node["params"].empty())
            anywhere(node["params"], random) = strangeValue(random);
        break;
    }
    default: { // a layer copied under another name
        Json& node = anyNode(root, random);
        if (root.is_object() && root.contains("nodes") && root["nodes"].is_array() && node.is_object()) {
            Json copy = node;
            copy["id"] = "copy" + std::to_string(random.below(100));
            root["nodes"].push_back(std::move(copy));
        }
    }
    }
}

void damageBytes(std::string& text, Random& random)
{
    for (std::int64_t k = pick(random, 1, 6); k > 0 && !text.empty(); --k) {
        const std::size_t at = random.below(text.size());
        switch (pick(random, 0, 4)) {
        case 0: text[at] = static_cast<char>(random.below(256)); break;
        case 1: text.erase(at, random.below(20)); break;
        case 2: text.insert(at, pickFrom<std::string>(random, {"[", "]", "{", "}", ",", "\"", "-", "9", "1e999", "null", "\xff", std::string(1, '\0')})); break;
        case 3: text.insert(at, text.substr(random.below(text.size()), random.below(60))); break;
        default: text.resize(at);
        }
    }
}

std::string repeated(const std::string& text, std::size_t count)
{
    std::string all;
    all.reserve(text.size() * count);
    for (std::size_t k = 0; k < count; ++k)
        all += text;
    return all;
}

constexpr const char* head = R"({"format":"limpid-network","version":2,)";

/// So many blocks, each with `uses` uses of the next, which repeat.
std::string towers(std::int64_t levels, std::int64_t uses, std::int64_t repeat, std::int64_t ports, const std::string& name)
{
    std::string blocks;
    for (std::int64_t level = 0; level < levels; ++level) {
        std::string nodes = R"({"id":"i","type":"BlockInput"})";
        for (std::int64_t port = 1; port < ports; ++port)
            nodes += R"(,{"id":"i)" + std::to_string(port) + R"(","type":"BlockInput"})";
        for (std::int64_t use = 0; use < uses; ++use) {
            const std::string from = use == 0 ? "i" : name + std::to_string(use - 1);
            nodes += R"(,{"id":")" + name + std::to_string(use) + R"(","inputs":[")" + from + R"("],"type":)";
            nodes += level + 1 < levels ? R"("Block","params":{"block":"b)" + std::to_string(level + 1) + R"(","repeat":)" + std::to_string(repeat) + "}}" : R"("ReLU"})";
        }
        blocks += (level > 0 ? "," : "") + (R"({"name":"b)" + std::to_string(level)) + R"(","nodes":[)" + nodes + R"(],"outputs":[")" + name + std::to_string(uses - 1) + R"("]})";
    }
    return head + (R"("nodes":[{"id":"n","type":"Input"},{"id":"u","type":"Block","inputs":["n"],"params":{"block":"b0","repeat":)" + std::to_string(repeat))
           + R"(}}],"outputs":["u"],"blocks":[)" + blocks + "]}";
}

} // namespace

std::string hostileText(const test::RandomNetwork& network, Random& random)
{
    Json json = network.spec.toJson();
    // Most of what is strewn anywhere is refused while it is read: half of the texts get only what goes further.
    const bool isReadable = chance(random, 0.5);
    for (std::int64_t k = pick(random, 1, isReadable ? 3 : 6); k > 0; --k)
        change(json, isReadable ? pickFrom<int>(random, {1, 1, 2, 3, 7, 9}) : static_cast<int>(pick(random, 0, 8)), random);
    std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (!isReadable && chance(random, 0.4))
        damageBytes(text, random);
    return text;
}

std::string bombText(Random& random)
{
    const std::string nodes = head + std::string(R"("outputs":["a"],"nodes":[)");
    const auto size = [&](std::int64_t most) { return static_cast<std::size_t>(pick(random, most / 10, most)); };
    switch (pick(random, 0, 15)) {
    case 0: return nodes + R"({"id":"a","type":"ReLU"})" + repeated(R"(,{"id":"a","type":"ReLU"})", size(1'000'000)) + "]}";
    case 1: return repeated("[", size(3'000'000));
    case 2: return head + (R"("format":)" + repeated("[", 200'000)) + repeated("]", 200'000) + "}";
    case 3: return R"({"format":)" + repeated(R"({"a":)", 200'000) + "1" + repeated("}", 200'000) + "}";
    case 4: return nodes + R"({"id":"a","type":"Linear","params":{"out_features":)" + repeated("[", 100'000) + repeated("]", 100'000) + "}}]}";
    case 5: return towers(pick(random, 1, 1000), pick(random, 1, 20), pick(random, 1, 100), 1, "u");
    case 6: return towers(pick(random, 1, 40), pick(random, 1, 3), 100, pick(random, 1, 500), std::string(size(1000), 'u'));
    case 7: return nodes + R"({"id":"a","type":"Concat","inputs":["a")" + repeated(R"(,"a")", size(1'000'000)) + "]}]}";
    case 8: return nodes + R"({"id":"a","type":"Concat","inputs":["b")" + repeated(R"(,"nowhere")", size(500'000)) + "]}]}";
    case 9: return nodes + R"({"id":"a","type":")" + std::string(size(20'000'000), 'L') + R"("}]})";
    case 10: return nodes + R"({"id":")" + std::string(size(20'000'000), 'a') + R"(","type":"ReLU"}]})";
    case 11: { // a chain of many, with as many outputs
        std::string text = head + std::string(R"("nodes":[{"id":"n0","type":"Input"})"), outputs = R"("n0")";
        for (std::size_t k = 1; k < size(20'000); ++k) {
            text += R"(,{"id":"n)" + std::to_string(k) + R"(","type":")" + pickFrom<std::string>(random, {"Flatten", "ReLU", "Upsample", "Concat", "Linear"})
                    + R"(","inputs":["n)" + std::to_string(k - 1) + R"("]})";
            outputs += R"(,"n)" + std::to_string(k) + '"';
        }
        return text + R"(],"outputs":[)" + outputs + "]}";
    }
    case 12: { // a block of many inputs and long lists, often
        const std::string many = repeated(R"("i",)", size(20'000));
        return head + std::string(R"("nodes":[{"id":"n","type":"Input"},{"id":"u","type":"Block","inputs":["n"],"params":{"block":"b","repeat":100}}],"outputs":["u"],)")
               + R"("blocks":[{"name":"b","nodes":[{"id":"i","type":"BlockInput"},{"id":"c","type":"Concat","inputs":[)" + many + R"("i"]}],"outputs":["c"]}]})";
    }
    case 13: { // sizes that multiply
        std::string text = head + std::string(R"("nodes":[{"id":"n0","type":"Input"},{"id":"n1","type":"Reshape","inputs":["n0"],"params":{"shape":[-1,1,1]}})");
        std::size_t k = 2;
        for (; k < 14; ++k)
            text += R"(,{"id":"n)" + std::to_string(k) + R"(","type":"Upsample","inputs":["n)" + std::to_string(k - 1) + R"("],"params":{"scale_factor":[)"
                    + std::to_string(pick(random, 1, 16)) + "," + std::to_string(pick(random, 1, 16)) + "]}}";
        const auto add = [&](const std::string& type, const std::string& params) {
            text += R"(,{"id":"n)" + std::to_string(k) + R"(","type":")" + type + R"(","inputs":["n)" + std::to_string(k - 1) + R"("],"params":)" + params + "}";
            ++k;
        };
        add("Flatten", "{}");
        add("Reshape", R"({"shape":[-1,)" + std::to_string(std::int64_t{1} << pick(random, 0, 10)) + "]}");
        add(pickFrom<std::string>(random, {"MultiheadAttention", "LSTM", "TransformerEncoderLayer", "RNN", "GRU", "Linear"}), "{}");
        return text + R"(],"outputs":["n)" + std::to_string(k - 1) + R"("]})";
    }
    case 14: { // many unknown settings, and long ones
        std::string params;
        for (std::size_t k = 0; k < size(100'000); ++k)
            params += (k > 0 ? ",\"p" : "\"p") + std::to_string(k) + "\":1";
        return nodes + R"({"id":"a","type":"Linear","params":{)" + params + "}}]}";
    }
    default: return head + (R"("nodes":[],"outputs":["a")" + repeated(",\"a\"", size(19'000))) + R"(],"comments":[)" + repeated(R"({"text":"x"},)", size(900)) + R"({"text":"x"}]})";
    }
}

} // namespace limpid::fuzz
