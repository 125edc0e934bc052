#include "tests/core/engine/RandomNetworks.h"

#include "tests/core/engine/RandomParams.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>

namespace limpid::test {

namespace {

constexpr std::int64_t mostRowValues = 600;   ///< of a layer: what keeps thousands of networks quick
constexpr std::int64_t mostWeights = 20'000;  ///< of a layer

struct Source {
    std::string id;
    TensorShape shape;
};

/// A block that is ready for use, and what it is for.
struct MadeBlock {
    std::string name;
    std::vector<TensorShape> ports;
    TensorShape output;
};

struct Workshop {
    Random& random;
    NetworkSpec& network;
    const NetworkContext& context;
    bool dropout;
    std::vector<MadeBlock> blocks;
};

const std::vector<std::string>& commonTypes()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const LayerType& type : layerCatalog())
            if (type.group != "block" && type.group != "input")
                list.push_back(type.name);
        return list;
    }();
    return names;
}

/// Adds random layers to one graph: a network's or a block's.
class GraphMaker
{
public:
    GraphMaker(Workshop& workshop, GraphSpec& graph, int depth) : m_shop(workshop), m_random(workshop.random), m_graph(graph), m_depth(depth) {}

    void addInput(const std::string& features)
    {
        const NetworkContext& context = m_shop.context;
        ParamValues params{{"features", features}};
        if (features == "numbers" && chance(m_random, 0.5))
            params = ParamValues::object();
        const TensorShape shape = features == "numbers"      ? TensorShape{TensorShape::Kind::Float, {context.numbers}, {}}
                                  : features == "categories" ? TensorShape{TensorShape::Kind::Index, {std::ssize(context.cardinalities)}, context.cardinalities}
                                                             : TensorShape{TensorShape::Kind::Tokens, {context.words}, {context.vocabulary}};
        m_sources.push_back({put("Input", {}, params).id, shape});
    }

    void addPort(std::size_t port, const TensorShape& shape)
    {
        ParamValues params = ParamValues::object();
        if (port > 0)
            params["port"] = port;
        m_sources.push_back({put("BlockInput", {}, params).id, shape});
    }

    /// A layer of that type somewhere; what it reads is made where there is none. False where it would have been too large.
    bool addLayer(const std::string& type)
    {
        if (type == "Block")
            return addBlock();
        const std::optional<std::vector<Source>> inputs = inputsFor(type);
        if (!inputs)
            return false;
        return add(type, *inputs, randomParams(type, inputs->front().shape, m_shop.dropout, m_random)).has_value();
    }

    void addRandomLayers(std::int64_t count)
    {
        for (std::int64_t k = 0; k < count; ++k) {
            if (chance(m_random, 0.06) && m_depth < 2)
                addBlock();
            else if (chance(m_random, 0.08))
                addShared();
            else
                addLayer(pickFrom(m_random, commonTypes()));
        }
    }

    /// The shape that is asked for, out of what came last: for a block that repeats.
    Source finish(const TensorShape* wanted)
    {
        Source last = m_sources.back();
        if (last.shape.kind != TensorShape::Kind::Float || m_graph.find(last.id)->type == "BlockInput")
            last = *add("Identity", {floats()}, ParamValues::object());
        if (!wanted || last.shape == *wanted)
            return last;
        if (last.shape.dims.size() > 1)
            last = *add("Flatten", {last}, ParamValues::object());
        if (last.shape.dims[0] != valueCount(*wanted))
            last = *add("Linear", {last}, {{"out_features", valueCount(*wanted)}});
        if (wanted->dims.size() > 1)
            last = *add("Reshape", {last}, {{"shape", wanted->dims}});
        return last;
    }

    /// Makes rows of what nothing reads yet and ends in them; gives how many values they have together.
    std::int64_t addOutputs()
    {
        std::set<std::string> read;
        for (const NodeSpec& node : m_graph.nodes)
            read.insert(node.inputs.begin(), node.inputs.end());
        std::vector<Source> ends;
        for (const Source& source : m_sources)
            if (!read.contains(source.id) && source.shape.kind == TensorShape::Kind::Float && (ends.empty() || chance(m_random, 0.9)))
                ends.push_back(source);
        if (ends.empty())
            ends.push_back(floats());
        for (Source& end : ends) {
            if (end.shape.dims.size() > 1)
                end = *add(chance(m_random, 0.7) ? "Flatten" : pickFrom<std::string>(m_random, {"GlobalAvgPool", "GlobalMaxPool"}), {end}, ParamValues::object());
            if (chance(m_random, 0.4) || end.shape.dims[0] > 40)
                end = *add("Linear", {end}, {{"out_features", pick(m_random, 1, 4)}});
        }
        if (ends.size() > 1 && chance(m_random, 0.6)) {
            const Source all = *add("Concat", ends, ParamValues::object());
            ends = {chance(m_random, 0.7) ? *add("Linear", {all}, {{"out_features", pick(m_random, 1, 5)}}) : all};
        }
        std::int64_t width = 0;
        for (const Source& end : ends)
            m_graph.outputs.push_back(end.id);
        for (const Source& source : m_sources) { // one that others read as well
            const bool isRow = source.shape.kind == TensorShape::Kind::Float && source.shape.dims.size() == 1;
            if (isRow && read.contains(source.id) && !m_graph.isOutput(source.id) && chance(m_random, 0.05))
                m_graph.outputs.push_back(source.id);
        }
        for (const std::string& output : m_graph.outputs)
            width += shapeOf(output).dims[0];
        return width;
    }

private:
    NodeSpec& put(const std::string& type, std::vector<std::string> inputs, ParamValues params)
    {
        NodeSpec node;
        node.id = m_graph.freeId(std::string(1, static_cast<char>('a' + pick(m_random, 0, 25))) + "_" + type);
        node.type = type;
        node.inputs = std::move(inputs);
        node.params = std::move(params);
        m_graph.nodes.push_back(std::move(node));
        return m_graph.nodes.back();
    }

    const TensorShape& shapeOf(const std::string& id) const
    {
        return std::find_if(m_sources.begin(), m_sources.end(), [&](const Source& source) { return source.id == id; })->shape;
    }

    /// nullopt where it would have been too large.
    std::optional<Source> add(const std::string& type, const std::vector<Source>& inputs, const ParamValues& params)
    {
        std::vector<TensorShape> shapes;
        std::vector<std::string> ids;
        for (const Source& input : inputs) {
            shapes.push_back(input.shape);
            ids.push_back(input.id);
        }
        const LayerType& known = *findLayer(type);
        Issues issues = validateParams(known.params, params);
        const TensorShape shape = known.infer(shapes, params, issues);
        for (const Issue& issue : issues)
            if (issue.severity == Severity::Error)
                throw std::logic_error(type + " " + params.dump() + " of " + shapeText(shapes[0]) + " is refused: " + std::string(errorName(issue.code)) + " "
                                       + fact(issue.facts, "name") + " expected " + fact(issue.facts, "expected"));
        std::int64_t weights = 0;
        if (known.tensors)
            for (const TensorSpec& tensor : known.tensors(shapes, shape, params))
                weights += product(tensor.shape);
        const bool isNeeded = type == "Flatten" || type == "Linear" || type == "Reshape" || type == "Concat" || type == "Identity"; // to end in the right shape
        if (!isNeeded && (valueCount(shape) > mostRowValues || weights > mostWeights))
            return std::nullopt;
        m_sources.push_back({put(type, ids, params).id, shape});
        return m_sources.back();
    }

    Source floats()
    {
        std::vector<Source> found;
        for (const Source& source : m_sources)
            if (source.shape.kind == TensorShape::Kind::Float)
                found.push_back(source);
        if (!found.empty())
            return chance(m_random, 0.5) ? found.back() : pickFrom(m_random, found);
        const Source from = pickFrom(m_random, m_sources);
        return *add("Embedding", {from}, {{"embedding_dim", pick(m_random, 1, 5)}});
    }

    Source ofRank(int rank)
    {
        std::vector<Source> found;
        for (const Source& source : m_sources)
            if (source.shape.kind == TensorShape::Kind::Float && std::ssize(source.shape.dims) == rank)
                found.push_back(source);
        if (!found.empty() && chance(m_random, 0.7))
            return pickFrom(m_random, found);
        const Source from = floats();
        if (rank == 1)
            return *add("Flatten", {from}, ParamValues::object());
        return *add("Reshape", {from}, {{"shape", randomSizes(valueCount(from.shape), rank, m_random)}});
    }

    /// Another source whose shape `fits`, or `otherwise`.
    template<class Fits>
    Source another(const Source& otherwise, Fits&& fits)
    {
        std::vector<Source> found;
        for (const Source& source : m_sources)
            if (source.shape.kind == TensorShape::Kind::Float && fits(source.shape.dims))
                found.push_back(source);
        return found.empty() ? otherwise : pickFrom(m_random, found);
    }

    std::optional<std::vector<Source>> inputsFor(const std::string& type)
    {
        const int rank = rankFor(type, m_random);
        if (rank < 0) {
            std::vector<Source> found;
            for (const Source& source : m_sources)
                if (source.shape.kind == TensorShape::Kind::Tokens || (source.shape.kind == TensorShape::Kind::Index && type == "Embedding"))
                    found.push_back(source);
            if (found.empty())
                return std::nullopt;
            return std::vector{pickFrom(m_random, found)};
        }
        std::vector<Source> inputs{rank == 0 ? floats() : ofRank(rank)};
        const Source first = inputs.front();
        const std::vector<std::int64_t> dims = first.shape.dims;
        const auto same = [&](const std::vector<std::int64_t>& other) { return other == dims; };
        if (type == "Bilinear") {
            inputs.push_back(ofRank(1));
        } else if (type == "Concat") {
            for (std::int64_t more = pick(m_random, 0, 2); more > 0; --more)
                inputs.push_back(another(first, same));
        } else if (type == "Add" || type == "Multiply") {
            const auto broadcasts = [&](const std::vector<std::int64_t>& other) {
                bool fits = other.size() == dims.size();
                for (std::size_t i = 0; fits && i < dims.size(); ++i)
                    fits = other[i] == dims[i] || other[i] == 1;
                return fits;
            };
            inputs.push_back(another(first, broadcasts));
            for (std::int64_t more = pick(m_random, 0, 1); more > 0; --more)
                inputs.push_back(another(first, broadcasts));
            m_random.shuffle(inputs);
        } else if (type == "MultiheadAttention" && chance(m_random, 0.6)) {
            inputs.push_back(another(first, [&](const std::vector<std::int64_t>& other) { return other.size() == 2 && other[1] == dims[1]; }));
            const std::vector<std::int64_t> key = inputs.back().shape.dims;
            if (chance(m_random, 0.5))
                inputs.push_back(another(inputs.back(), [&](const std::vector<std::int64_t>& other) { return other == key; }));
        }
        return inputs;
    }

    /// A layer like another one, with its weights, over something of the same shape.
    void addShared()
    {
        std::vector<std::string> owners;
        for (const NodeSpec& node : m_graph.nodes)
            if (node.shares.empty() && node.inputs.size() == 1 && findLayer(node.type)->tensors)
                owners.push_back(node.id);
        if (owners.empty())
            return;
        const NodeSpec owner = *m_graph.find(pickFrom(m_random, owners));
        const Source first{owner.inputs[0], shapeOf(owner.inputs[0])};
        Source input = first;
        if (first.shape.kind == TensorShape::Kind::Float)
            input = another(first, [&](const std::vector<std::int64_t>& dims) { return dims == first.shape.dims; });
        std::vector<TensorShape> shapes{input.shape};
        if (findLayer(owner.type)->tensors(shapes, shapeOf(owner.id), owner.params).empty())
            return;
        if (add(owner.type, {input}, owner.params))
            m_graph.nodes.back().shares = owner.id;
    }

    bool addBlock()
    {
        // One that is there already, where something fits into it.
        for (const MadeBlock& block : m_shop.blocks) {
            std::vector<Source> inputs;
            for (const TensorShape& port : block.ports)
                for (const Source& source : m_sources)
                    if (source.shape == port) {
                        inputs.push_back(source);
                        break;
                    }
            if (inputs.size() == block.ports.size() && chance(m_random, 0.4))
                return use(block, inputs);
        }
        std::vector<Source> inputs{floats()};
        if (chance(m_random, 0.4))
            inputs.push_back(pickFrom(m_random, m_sources));
        BlockSpec made;
        MadeBlock block;
        GraphMaker body(m_shop, made.body, m_depth + 1);
        for (std::size_t port = 0; port < inputs.size(); ++port) {
            block.ports.push_back(inputs[port].shape);
            body.addPort(port, inputs[port].shape);
        }
        if (m_shop.context.numbers > 0 && chance(m_random, 0.1))
            body.addInput("numbers");
        body.addRandomLayers(pick(m_random, 1, 4));
        const Source output = body.finish(chance(m_random, 0.6) ? &block.ports[0] : nullptr);
        made.body.outputs = {output.id};
        block.output = output.shape;
        block.name = made.name = "block " + std::to_string(m_shop.network.blocks.size());
        m_shop.network.blocks.push_back(std::move(made));
        m_shop.blocks.push_back(block);
        return use(block, inputs);
    }

    bool use(const MadeBlock& block, const std::vector<Source>& inputs)
    {
        ParamValues params{{"block", block.name}};
        if (block.output == block.ports[0] && chance(m_random, 0.6))
            params["repeat"] = pick(m_random, 1, 3);
        std::vector<std::string> ids;
        for (const Source& input : inputs)
            ids.push_back(input.id);
        m_sources.push_back({put("Block", ids, params).id, block.output});
        return true;
    }

    Workshop& m_shop;
    Random& m_random;
    GraphSpec& m_graph;
    int m_depth;
    std::vector<Source> m_sources;
};

/// Whose weights a needed layer uses must be needed itself, which blocks that leave an input unused may hide.
void dropIdleShares(NetworkSpec& network)
{
    Issues issues;
    const FlatNetwork flat = flatten(network, issues);
    std::map<std::string, const NodeSpec*> byId;
    for (const NodeSpec& node : flat.nodes)
        byId[node.id] = &node;
    std::set<std::string> needed;
    std::vector<std::string> open = flat.outputs;
    while (!open.empty()) {
        const std::string id = open.back();
        open.pop_back();
        if (needed.insert(id).second)
            for (const std::string& input : byId.at(id)->inputs)
                open.push_back(input);
    }
    std::set<std::string> idle;
    for (const NodeSpec& node : flat.nodes)
        if (!node.shares.empty() && needed.contains(node.id) && !needed.contains(node.shares))
            idle.insert(node.id.substr(node.id.rfind('.') + 1));
    const auto drop = [&](GraphSpec& graph) {
        for (NodeSpec& node : graph.nodes)
            if (idle.contains(node.id))
                node.shares.clear();
    };
    drop(network);
    for (BlockSpec& block : network.blocks)
        drop(block.body);
}

} // namespace

RandomNetwork randomNetwork(std::uint64_t seed, const std::string& wanted, bool dropout)
{
    Random random(seed, "random network");
    RandomNetwork made;
    NetworkContext& context = made.context;
    const bool categories = wanted == "Embedding" ? chance(random, 0.5) : chance(random, 0.4);
    const bool text = wanted == "EmbeddingBag" || (wanted == "Embedding" && !categories) || chance(random, 0.4);
    if (chance(random, 0.85) || (!categories && !text))
        context.numbers = pickFrom<std::int64_t>(random, {1, 2, 3, 5, 7, 12, 16, 24, 36, 48, 64, 72, 90, 96, 120});
    if (categories)
        for (std::int64_t k = pick(random, 1, 3); k > 0; --k)
            context.cardinalities.push_back(pick(random, 1, 9));
    if (text) {
        context.words = pick(random, 1, 8);
        context.vocabulary = pick(random, 2, 12);
    }
    context.classifies = chance(random, 0.5);

    Workshop shop{random, made.spec, context, dropout, {}};
    GraphMaker maker(shop, made.spec, 0);
    if (context.numbers > 0)
        maker.addInput("numbers");
    if (categories)
        maker.addInput("categories");
    if (text)
        maker.addInput("text");
    maker.addRandomLayers(pick(random, 0, 4));
    const bool isExtra = wanted.empty() || wanted == "Input";
    for (int attempt = 0; !isExtra && attempt < 20 && !maker.addLayer(wanted == "BlockInput" ? "Block" : wanted); ++attempt) {
    }
    maker.addRandomLayers(pick(random, 0, 4));
    context.outputs = maker.addOutputs();
    dropIdleShares(made.spec);
    if (chance(random, 0.1))
        made.spec.comments.push_back({"about this", 10.0, 20.0});
    if (chance(random, 0.5)) // the order of the list means nothing
        random.shuffle(made.spec.nodes);
    return made;
}

} // namespace limpid::test
