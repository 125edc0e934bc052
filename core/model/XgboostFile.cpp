#include "core/model/XgboostFile.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace limpid {

namespace {

using nlohmann::json;

/// A value of the document and where it stands, for errors.
class Place
{
public:
    Place(const json& value, std::string name, const std::string& path) : m_value(value), m_name(std::move(name)), m_path(path) {}

    [[noreturn]] void refuse() const { throw Error(ErrorCode::BundleInvalid, {{"path", m_path}, {"reason", m_name}}); }

    bool has(const char* key) const { return m_value.is_object() && m_value.contains(key); }
    Place operator[](const char* key) const
    {
        const std::string name = m_name.empty() ? key : m_name + "." + key;
        if (!has(key))
            throw Error(ErrorCode::BundleInvalid, {{"path", m_path}, {"reason", name}});
        return {m_value[key], name, m_path};
    }
    /// Of a list; the name of an element is made where it is refused.
    Place operator[](std::size_t index) const { return {m_value.at(index), elementName(index), m_path}; }
    [[noreturn]] void refuse(std::size_t index) const { throw Error(ErrorCode::BundleInvalid, {{"path", m_path}, {"reason", elementName(index)}}); }
    double number(std::size_t index) const
    {
        const json& value = m_value.at(index);
        if (!value.is_number())
            refuse(index);
        return value.get<double>();
    }
    /// Of 32 bits.
    std::int64_t integer(std::size_t index) const
    {
        const json& value = m_value.at(index);
        if (value.is_boolean()) // default_left, by some versions
            return value.get<bool>() ? 1 : 0;
        if (!value.is_number_integer() || (value.is_number_unsigned() && value.get<std::uint64_t>() > INT32_MAX) || value.get<std::int64_t>() < INT32_MIN)
            refuse(index);
        return value.get<std::int64_t>();
    }
    /// Of a list.
    std::size_t size() const
    {
        if (!m_value.is_array())
            refuse();
        return m_value.size();
    }
    /// A list of so many.
    Place list(const char* key, std::size_t size) const
    {
        Place found = (*this)[key];
        if (found.size() != size)
            found.refuse();
        return found;
    }
    std::string text() const
    {
        if (!m_value.is_string())
            refuse();
        return m_value.get<std::string>();
    }
    /// XGBoost writes its parameters as texts.
    std::size_t count(std::size_t most) const
    {
        const std::string digits = text();
        std::size_t result = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), result);
        if (error != std::errc() || end != digits.data() + digits.size() || result > most)
            refuse();
        return result;
    }

private:
    std::string elementName(std::size_t index) const { return m_name + "[" + std::to_string(index) + "]"; }

    const json& m_value;
    std::string m_name;
    const std::string& m_path;
};

enum class Link { Identity, Logit, Log };

constexpr std::pair<const char*, Link> objectives[] = {
    {"reg:squarederror", Link::Identity}, {"reg:linear", Link::Identity}, {"reg:squaredlogerror", Link::Identity}, {"reg:absoluteerror", Link::Identity},
    {"reg:pseudohubererror", Link::Identity}, {"reg:quantileerror", Link::Identity}, {"reg:logistic", Link::Logit}, {"reg:gamma", Link::Log},
    {"reg:tweedie", Link::Log}, {"count:poisson", Link::Log}, {"binary:logistic", Link::Logit}, {"binary:logitraw", Link::Identity},
    {"binary:hinge", Link::Identity}, {"multi:softmax", Link::Identity}, {"multi:softprob", Link::Identity}, {"rank:pairwise", Link::Identity},
    {"rank:ndcg", Link::Identity}, {"rank:map", Link::Identity},
};

Link linkOf(const std::string& objective)
{
    std::string known;
    for (const auto& [name, link] : objectives) {
        if (objective == name)
            return link;
        known += (known.empty() ? "" : ", ") + std::string(name);
    }
    throw Error(ErrorCode::OptionInvalid, {{"name", "objective"}, {"value", objective}, {"expected", known}});
}

double margin(double score, Link link, const Place& place)
{
    const double result = link == Link::Logit ? std::log(score / (1.0 - score)) : link == Link::Log ? std::log(score) : score;
    if (!std::isfinite(result))
        place.refuse();
    return result;
}

/// One number, or since 3.1 a list of one an output: "5E-1", "[5E-1,2E-1]".
std::vector<double> baseScores(const Place& place, std::size_t outputs, Link link)
{
    std::string text = place.text();
    if (text.size() >= 2 && text.front() == '[' && text.back() == ']')
        text = text.substr(1, text.size() - 2);
    std::vector<double> scores;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        double score = 0.0;
        const auto [stop, error] = std::from_chars(text.data() + begin, text.data() + end, score);
        if (error != std::errc() || stop != text.data() + end)
            place.refuse();
        // XGBoost holds it as float32.
        scores.push_back(margin(static_cast<double>(static_cast<float>(score)), link, place));
        begin = end + 1;
    }
    if (scores.size() == 1)
        scores.resize(outputs, scores.front());
    if (scores.size() != outputs)
        place.refuse();
    return scores;
}

/// The nodes reached from the root: pruned ones stay in the file.
DecisionTree readTree(const Place& place)
{
    if (place.has("tree_param") && place["tree_param"].has("size_leaf_vector") && place["tree_param"]["size_leaf_vector"].count(mostTreeOutputs) > 1)
        throw Error(ErrorCode::OptionInvalid, {{"name", "multi_strategy"}, {"value", "multi_output_tree"}, {"expected", "one_output_per_tree"}});
    const Place left = place["left_children"];
    const std::size_t count = left.size();
    if (count == 0)
        left.refuse();
    const Place right = place.list("right_children", count), features = place.list("split_indices", count), values = place.list("split_conditions", count),
                defaults = place.list("default_left", count), covers = place.list("sum_hessian", count);
    if (place.has("split_type")) {
        const Place types = place.list("split_type", count);
        for (std::size_t i = 0; i < count; ++i) {
            if (types.integer(i) != 0)
                throw Error(ErrorCode::OptionInvalid, {{"name", "split_type"}, {"value", "categorical"}, {"expected", "numerical"}});
        }
    }
    DecisionTree tree;
    std::vector<std::size_t> from{0}; // of each node, its index in the file
    std::vector<bool> reached(count, false);
    reached[0] = true;
    tree.nodes.emplace_back();
    const auto follow = [&](const Place& children, std::size_t parent) {
        const std::int64_t index = children.integer(parent);
        if (index < 0 || static_cast<std::size_t>(index) >= count || reached[static_cast<std::size_t>(index)])
            children.refuse(parent);
        reached[static_cast<std::size_t>(index)] = true;
        from.push_back(static_cast<std::size_t>(index));
        tree.nodes.emplace_back();
        return static_cast<std::int32_t>(tree.nodes.size() - 1);
    };
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
        const std::size_t at = from[i];
        tree.nodes[i].cover = covers.number(at);
        if (left.integer(at) == -1) {
            if (right.integer(at) != -1)
                right.refuse(at);
            // An answer's value is a float32 too.
            tree.nodes[i].value = static_cast<double>(static_cast<float>(values.number(at)));
            continue;
        }
        const std::int64_t feature = features.integer(at);
        if (feature < 0)
            features.refuse(at);
        tree.nodes[i].feature = static_cast<std::uint32_t>(feature);
        tree.nodes[i].threshold = static_cast<float>(values.number(at));
        tree.nodes[i].missingLeft = defaults.integer(at) != 0;
        const std::int32_t first = follow(left, at); // moves the nodes
        const std::int32_t second = follow(right, at);
        tree.nodes[i].left = first;
        tree.nodes[i].right = second;
    }
    return tree;
}

TreeEnsemble readModel(const json& document, const std::string& path)
{
    const Place learner = Place(document, "", path)["learner"];
    const Place booster = learner["gradient_booster"];
    if (const std::string name = booster["name"].text(); name != "gbtree")
        throw Error(ErrorCode::OptionInvalid, {{"name", "booster"}, {"value", name}, {"expected", "gbtree"}});
    const Link link = linkOf(learner["objective"]["name"].text());
    const Place param = learner["learner_model_param"];
    TreeEnsemble ensemble;
    ensemble.features = param["num_feature"].count(mostTreeFeatures);
    const std::size_t classes = param["num_class"].count(mostTreeOutputs);
    const std::size_t targets = param.has("num_target") ? param["num_target"].count(mostTreeOutputs) : 1;
    if (ensemble.features == 0)
        param["num_feature"].refuse();
    ensemble.base = baseScores(param["base_score"], std::max({classes, targets, std::size_t{1}}), link);

    const Place model = booster["model"];
    const Place trees = model["trees"];
    const Place outputs = model.list("tree_info", trees.size());
    for (std::size_t i = 0; i < trees.size(); ++i) {
        DecisionTree tree = readTree(trees[i]);
        const std::int64_t output = outputs.integer(i);
        if (output < 0 || static_cast<std::size_t>(output) >= ensemble.outputs())
            outputs.refuse(i);
        tree.output = static_cast<std::size_t>(output);
        ensemble.trees.push_back(std::move(tree));
    }
    checkTreeEnsemble(ensemble, path);
    return ensemble;
}

} // namespace

TreeEnsemble readXgboostText(std::string_view text, const std::string& path)
{
    if (text.size() > longestTreeText)
        throw Error(ErrorCode::OutOfMemory, {{"neededBytes", std::to_string(text.size())}, {"availableBytes", std::to_string(longestTreeText)}});
    json document;
    try {
        document = json::parse(text.begin(), text.end());
    } catch (const json::parse_error& error) {
        const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(error.byte, text.size()));
        throw Error(ErrorCode::JsonInvalid, {{"path", path}, {"line", std::to_string(1 + std::count(text.begin(), end, '\n'))}}, error.what());
    } catch (const json::exception& error) { // a number out of range
        throw Error(ErrorCode::JsonInvalid, {{"path", path}, {"line", ""}}, error.what());
    }
    return readModel(document, path);
}

} // namespace limpid
