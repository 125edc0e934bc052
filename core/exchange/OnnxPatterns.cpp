#include "core/exchange/OnnxTranslation.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace limpid {

namespace {

/// An expression over operators: "Mul(x,Sigmoid(x))". Lower-case names stand for values, the same one wherever the name is the same;
/// upper-case ones for weights; numbers for constants of that value; "Op:n" gives the operator a name.
struct Pattern {
    enum class Kind { Operator, Value, Weight, Number };
    Kind kind = Kind::Value;
    std::string name;              ///< of operator, value or weight
    std::string label = {};        ///< of an operator
    double number = 0.0;
    std::vector<Pattern> inputs = {};
};

Pattern parse(std::string_view& text)
{
    const auto word = [&] {
        const std::size_t end = std::min(text.find_first_of(":(,)"), text.size());
        const std::string found(text.substr(0, end));
        text.remove_prefix(end);
        return found;
    };
    Pattern pattern;
    pattern.name = word();
    if (text.starts_with(':')) {
        text.remove_prefix(1);
        pattern.label = word();
    }
    if (text.starts_with('(')) {
        pattern.kind = Pattern::Kind::Operator;
        do {
            text.remove_prefix(1);
            pattern.inputs.push_back(parse(text));
        } while (text.starts_with(','));
        text.remove_prefix(1);
    } else if (pattern.name.find_first_not_of("0123456789.") == std::string::npos) {
        pattern.kind = Pattern::Kind::Number;
        pattern.number = std::strtod(pattern.name.c_str(), nullptr);
    } else if (pattern.name.front() >= 'A' && pattern.name.front() <= 'Z') {
        pattern.kind = Pattern::Kind::Weight;
    }
    return pattern;
}

struct Found {
    std::map<std::string, std::string> values;      ///< names in the file by names in the pattern
    std::map<std::string, const OnnxNode*> nodes;   ///< by label
};

/// What a pattern becomes: an operator that reads the named values.
struct Rule {
    std::string op;
    std::vector<std::string> inputs;
    Pattern pattern;
    /// Fills in attributes; false where it doesn't fit after all.
    bool (*complete)(const Found& found, double epsilon, OnnxNode& joined) = nullptr;
};

OnnxAttribute attribute(std::string name, double number)
{
    OnnxAttribute made;
    made.name = std::move(name);
    made.number = number;
    return made;
}

bool layerNorm(const Found& found, double epsilon, OnnxNode& joined)
{
    joined.attributes = {attribute("epsilon", epsilon)};
    const OnnxNode& mean = *found.nodes.at("m");
    OnnxAttribute axes;
    axes.name = "axes";
    axes.integers = mean.integers("axes");
    if (mean.integer("keepdims", 1) != 1 || axes.integers.empty())
        return false;
    joined.attributes.push_back(std::move(axes));
    return true;
}

bool groupNorm(const Found& found, double, OnnxNode& joined)
{
    joined.attributes = {attribute("epsilon", found.nodes.at("n")->number("epsilon", 1e-5))};
    return true;
}

bool tanhGelu(const Found&, double, OnnxNode& joined)
{
    OnnxAttribute approximate;
    approximate.name = "approximate";
    approximate.text = "tanh";
    joined.attributes = {std::move(approximate)};
    return true;
}

bool hardSigmoid(const Found& found, double, OnnxNode&)
{
    const OnnxNode& gate = *found.nodes.at("h");
    return std::abs(gate.number("alpha", 0.2) - 1.0 / 6.0) < 1e-4 && gate.number("beta", 0.5) == 0.5;
}

bool sixth(const Found& found, double, OnnxNode& joined)
{
    const OnnxNode& clip = *found.nodes.at("c");
    joined.attributes.clear();
    return clip.inputs.size() < 2 && clip.number("min", 0.0) == 0.0 && clip.number("max", 0.0) == 6.0;
}

const std::vector<Rule>& rules()
{
    static const std::vector<Rule> made = [] {
        std::vector<Rule> list;
        const auto add = [&](const char* op, std::vector<std::string> inputs, std::string_view text, decltype(Rule::complete) complete = nullptr) {
            list.push_back({op, std::move(inputs), parse(text), complete});
        };
        add("Silu", {"x"}, "Mul(x,Sigmoid(x))");
        add("Mish", {"x"}, "Mul(x,Tanh(Softplus(x)))");
        add("HardSwish", {"x"}, "Mul(x,HardSigmoid:h(x))", hardSigmoid);
        add("HardSwish", {"x"}, "Div(Mul(x,Clip(Add(x,3),0,6)),6)");
        add("HardSwish", {"x"}, "Div(Mul(x,Clip:c(Add(x,3))),6)", sixth);
        // Hendrycks and Gimpel 2016: x Φ(x), and its approximation by tanh.
        add("Gelu", {"x"}, "Mul(Mul(x,Add(Erf(Div(x,1.414214)),1)),0.5)");
        add("Gelu", {"x"}, "Mul(Mul(x,0.5),Add(Erf(Div(x,1.414214)),1))");
        add("Gelu", {"x"}, "Mul(Mul(x,Add(Erf(Mul(x,0.707107)),1)),0.5)");
        add("Gelu", {"x"}, "Mul(Mul(x,0.5),Add(Erf(Mul(x,0.707107)),1))");
        add("Gelu", {"x"}, "Mul(x,Mul(Add(Erf(Div(x,1.414214)),1),0.5))");
        add("Gelu", {"x"}, "Mul(Mul(x,0.5),Add(Tanh(Mul(Add(x,Mul(Pow(x,3),0.044715)),0.797885)),1))", tanhGelu);
        add("Gelu", {"x"}, "Mul(Mul(x,0.5),Add(Tanh(Mul(Add(x,Mul(Mul(Mul(x,x),x),0.044715)),0.797885)),1))", tanhGelu);
        add("Gelu", {"x"}, "Mul(Mul(x,Add(Tanh(Mul(Add(x,Mul(Mul(x,Mul(x,x)),0.044715)),0.797885)),1)),0.5)", tanhGelu);
        // Ba, Kiros and Hinton 2016, before opset 17 had it whole.
        add("LayerNormalization", {"x", "W", "B"}, "Add(Mul(Div(Sub(x,ReduceMean:m(x)),Sqrt(Add(ReduceMean(Pow(Sub(x,ReduceMean(x)),2)),E))),W),B)", layerNorm);
        add("LayerNormalization", {"x"}, "Div(Sub(x,ReduceMean:m(x)),Sqrt(Add(ReduceMean(Pow(Sub(x,ReduceMean(x)),2)),E)))", layerNorm);
        // PyTorch writes group norm as instance norm of the groups.
        add("GroupNorm", {"x", "S", "W", "B"}, "Add(Mul(Reshape(InstanceNormalization:n(Reshape(x,S),O,Z),t),W),B)", groupNorm);
        return list;
    }();
    return made;
}

class Matcher
{
public:
    explicit Matcher(const OnnxGraph& graph)
    {
        for (const OnnxTensor& weight : graph.weights)
            m_weights.emplace(weight.name, &weight);
        for (const OnnxNode& node : graph.nodes) {
            if (node.outputs.empty())
                continue;
            m_makers.emplace(node.outputs.front(), &node);
            if (node.op == "Constant")
                if (const OnnxAttribute* const value = node.find("value"); value && !value->tensors.empty())
                    m_weights.emplace(node.outputs.front(), &value->tensors.front());
        }
    }

    bool match(const Pattern& pattern, const std::string& value, Found& found) const
    {
        if (pattern.kind == Pattern::Kind::Number) {
            const double is = number(value);
            return std::abs(is - pattern.number) < 1e-4 * (1.0 + pattern.number);
        }
        if (pattern.kind != Pattern::Kind::Operator) {
            if (value.empty() || (pattern.kind == Pattern::Kind::Weight && !m_weights.contains(value)))
                return false;
            return found.values.emplace(pattern.name, value).first->second == value;
        }
        const auto maker = m_makers.find(value);
        return maker != m_makers.end() && match(pattern, *maker->second, found);
    }

    bool match(const Pattern& pattern, const OnnxNode& node, Found& found) const
    {
        if (node.op != pattern.name || node.inputs.size() != pattern.inputs.size() || !node.domain.empty())
            return false;
        if (!pattern.label.empty())
            found.nodes[pattern.label] = &node;
        Found attempt = found;
        if (matchInputs(pattern, node, false, attempt)) {
            found = std::move(attempt);
            return true;
        }
        return (node.op == "Mul" || node.op == "Add") && matchInputs(pattern, node, true, found);
    }

    /// NaN where the value is no single known number.
    double number(const std::string& value) const
    {
        const auto weight = m_weights.find(value);
        return weight == m_weights.end() || weight->second->numbers.size() != 1 ? std::nan("") : weight->second->numbers.front();
    }

private:
    bool matchInputs(const Pattern& pattern, const OnnxNode& node, bool turned, Found& found) const
    {
        for (std::size_t i = 0; i < node.inputs.size(); ++i)
            if (!match(pattern.inputs[turned ? node.inputs.size() - 1 - i : i], node.inputs[i], found))
                return false;
        return true;
    }

    std::unordered_map<std::string_view, const OnnxTensor*> m_weights;
    std::unordered_map<std::string_view, const OnnxNode*> m_makers;
};

} // namespace

void joinOnnxPatterns(OnnxGraph& graph)
{
    const Matcher matcher(graph);
    std::vector<std::pair<std::size_t, OnnxNode>> joined; // put in at the end: what matches must not change on the way
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const OnnxNode& node = graph.nodes[i];
        if (node.outputs.empty())
            continue;
        for (const Rule& rule : rules()) {
            Found found;
            if (!matcher.match(rule.pattern, node, found))
                continue;
            OnnxNode whole;
            whole.name = node.name.substr(0, node.name.rfind('/') + 1) + rule.op; // "/act/Mul_1" is the module act's last step
            whole.op = rule.op;
            whole.outputs = {node.outputs.front()};
            for (const std::string& name : rule.inputs)
                whole.inputs.push_back(found.values.at(name));
            const auto epsilon = found.values.find("E");
            if (rule.complete && !rule.complete(found, epsilon == found.values.end() ? 0.0 : matcher.number(epsilon->second), whole))
                continue;
            joined.emplace_back(i, std::move(whole));
            break;
        }
    }
    for (auto& [index, node] : joined)
        graph.nodes[index] = std::move(node);
}

} // namespace limpid
