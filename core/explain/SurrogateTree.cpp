#include "core/explain/SurrogateTree.h"

#include "core/base/Random.h"
#include "core/explain/SurrogateImportance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace limpid {

namespace {

constexpr std::size_t fewestRows = 20;
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Rows and the sums of their outputs.
struct Sums {
    explicit Sums(std::size_t outputs) : sums(outputs, 0.0) {}
    void add(const double* outputs, double sign = 1.0)
    {
        rows += sign;
        for (std::size_t i = 0; i < sums.size(); ++i)
            sums[i] += sign * outputs[i];
    }
    void add(const Sums& other, double sign = 1.0)
    {
        rows += sign * other.rows;
        for (std::size_t i = 0; i < sums.size(); ++i)
            sums[i] += sign * other.sums[i];
    }
    /// Σ sum²/rows: the squared error that telling the mean takes away.
    double explained() const
    {
        double total = 0.0;
        for (const double sum : sums)
            total += sum * sum;
        return rows > 0.0 ? total / rows : 0.0;
    }
    double rows = 0.0;
    std::vector<double> sums;
};

struct Split {
    double gain = 0.0;   ///< squared error
    std::size_t column = 0;
    double threshold = 0.0;
    std::vector<std::size_t> levels;
    std::size_t missingRows = 0;
    bool missingLeft = false;
};

bool hasLevels(ColumnType type)
{
    return type == ColumnType::Category || type == ColumnType::Boolean;
}

/// Where missing values count as a level, behind the others.
std::size_t levelOf(double value, std::size_t levels)
{
    return std::isnan(value) ? levels : static_cast<std::size_t>(value);
}

class Grower
{
public:
    /// `told`: the outputs as the answers tell them; `compared`: as errors are reckoned.
    Grower(const EffectRows& model, const std::vector<double>& told, const std::vector<double>& compared, const SurrogateSpec& spec,
           std::size_t rows, SurrogateTree& tree, Task& task)
        : m_model(model), m_told(told), m_values(compared), m_outputs(model.outputs()), m_spec(spec), m_tree(tree), m_task(task)
    {
        m_leafRows = static_cast<double>(spec.leafRows > 0 ? spec.leafRows : std::max<std::size_t>(5, rows / 100));
    }

    void grow(std::vector<std::size_t> rows)
    {
        double squares = 0.0;
        for (const std::size_t row : rows) {
            for (std::size_t i = 0; i < m_outputs; ++i) {
                m_whole += outputs(row)[i] * outputs(row)[i];
                const double told = m_told[row * m_outputs + i];
                squares += told * told;
            }
        }
        // Outputs that vary by the rounding of float32 are constant.
        if (!(m_whole > 0.0) || (m_outputs == 1 && m_whole <= 1e-13 * squares)) {
            addNode(std::move(rows), 0);
            return;
        }
        addNode(std::move(rows), m_spec.depth);
    }

private:
    const double* outputs(std::size_t row) const { return m_values.data() + row * m_outputs; }

    Sums sumsOf(const std::vector<std::size_t>& rows) const
    {
        Sums sums(m_outputs);
        for (const std::size_t row : rows)
            sums.add(outputs(row));
        return sums;
    }

    std::size_t addNode(std::vector<std::size_t> rows, std::size_t depth)
    {
        const std::size_t index = m_tree.nodes.size();
        m_tree.nodes.emplace_back();
        {
            SurrogateNode& node = m_tree.nodes.back();
            node.rows = rows.size();
            node.value.assign(m_outputs, 0.0);
            for (const std::size_t row : rows) {
                for (std::size_t i = 0; i < m_outputs; ++i)
                    node.value[i] += m_told[row * m_outputs + i];
            }
            for (double& value : node.value)
                value /= static_cast<double>(rows.size());
        }
        if (depth == 0)
            return index;
        const Sums sums = sumsOf(rows);
        Split best;
        best.gain = m_spec.leastGain * m_whole;
        bool found = false;
        for (std::size_t column = 0; column < m_model.columns().size(); ++column) {
            m_task.checkpoint();
            const EffectColumn& source = m_model.columns()[column];
            if (source.type != ColumnType::Text)
                found = (hasLevels(source.type) ? splitLevels(column, rows, sums, best) : splitNumbers(column, rows, sums, best)) || found;
        }
        if (!found)
            return index;
        SurrogateNode& node = m_tree.nodes[index];
        node.column = best.column;
        node.threshold = best.threshold;
        node.levels = best.levels;
        node.missingRows = best.missingRows;
        node.missingLeft = best.missingLeft;
        node.gain = best.gain / m_whole;
        m_tree.columns[best.column].gain += node.gain;
        std::vector<std::size_t> left, right;
        for (const std::size_t row : rows)
            (m_tree.goesLeft(index, m_model.columns()[best.column].values[row]) ? left : right).push_back(row);
        rows.clear();
        rows.shrink_to_fit();
        const std::size_t first = addNode(std::move(left), depth - 1); // may move the nodes
        const std::size_t second = addNode(std::move(right), depth - 1);
        m_tree.nodes[index].left = first;
        m_tree.nodes[index].right = second;
        return index;
    }

    /// What dividing off `left` would explain; 0 where a side is too small.
    double gainOf(const Sums& left, const Sums& all) const
    {
        Sums right = all;
        right.add(left, -1.0);
        if (left.rows < m_leafRows || right.rows < m_leafRows)
            return 0.0;
        return left.explained() + right.explained() - all.explained();
    }

    bool splitNumbers(std::size_t column, const std::vector<std::size_t>& rows, const Sums& all, Split& best)
    {
        const std::vector<double>& values = m_model.columns()[column].values;
        std::vector<std::size_t> present;
        Sums missing(m_outputs);
        for (const std::size_t row : rows) {
            if (std::isnan(values[row]))
                missing.add(outputs(row));
            else
                present.push_back(row);
        }
        std::stable_sort(present.begin(), present.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
        bool better = false;
        Sums left(m_outputs);
        for (std::size_t i = 0; i + 1 < present.size(); ++i) {
            left.add(outputs(present[i]));
            const double low = values[present[i]], high = values[present[i + 1]];
            if (low == high)
                continue;
            for (const bool missingLeft : {false, true}) {
                if (missingLeft && missing.rows == 0.0)
                    break;
                Sums side = left;
                if (missingLeft)
                    side.add(missing);
                const double gain = gainOf(side, all);
                if (!(gain > best.gain))
                    continue;
                const double middle = low + (high - low) / 2.0;
                best = {gain, column, middle < high ? middle : low, {}, static_cast<std::size_t>(missing.rows),
                        missing.rows > 0.0 ? missingLeft : 2.0 * side.rows > all.rows};
                better = true;
            }
        }
        return better;
    }

    bool splitLevels(std::size_t column, const std::vector<std::size_t>& rows, const Sums& all, Split& best)
    {
        const EffectColumn& source = m_model.columns()[column];
        std::vector<Sums> byLevel(source.levels.size() + 1, Sums(m_outputs));
        for (const std::size_t row : rows)
            byLevel[levelOf(source.values[row], source.levels.size())].add(outputs(row));
        std::vector<std::size_t> present;
        for (std::size_t level = 0; level < byLevel.size(); ++level) {
            if (byLevel[level].rows > 0.0)
                present.push_back(level);
        }
        // For one output the best two sets are neighbours in the order of the means.
        const bool sets = m_outputs == 1;
        if (sets) {
            const auto mean = [&](std::size_t level) { return byLevel[level].sums[0] / byLevel[level].rows; };
            std::stable_sort(present.begin(), present.end(), [&](std::size_t a, std::size_t b) { return mean(a) < mean(b); });
        }
        bool better = false;
        Sums left(m_outputs);
        for (std::size_t i = 0; i + (sets ? 1 : 0) < present.size(); ++i) {
            if (!sets)
                left = Sums(m_outputs);
            left.add(byLevel[present[i]]);
            const double gain = gainOf(left, all);
            if (!(gain > best.gain))
                continue;
            best = {gain, column, 0.0, {present.begin() + static_cast<std::ptrdiff_t>(sets ? 0 : i), present.begin() + static_cast<std::ptrdiff_t>(i + 1)}, 0, false};
            std::sort(best.levels.begin(), best.levels.end());
            better = true;
        }
        return better;
    }

    const EffectRows& m_model;
    const std::vector<double>& m_told;
    const std::vector<double>& m_values;
    const std::size_t m_outputs;
    const SurrogateSpec& m_spec;
    SurrogateTree& m_tree;
    Task& m_task;
    double m_leafRows = 0.0, m_whole = 0.0;
};

/// About their means over the rows, for exact sums; where `alike`, over their deviations too. A constant output becomes 0.
std::vector<double> compared(const std::vector<double>& values, std::size_t outputs, const std::vector<std::size_t>& rows, bool alike)
{
    std::vector<double> result(values.size());
    const auto count = static_cast<double>(rows.size());
    for (std::size_t output = 0; output < outputs; ++output) {
        double mean = 0.0, squares = 0.0;
        for (const std::size_t row : rows)
            mean += values[row * outputs + output] / count;
        for (const std::size_t row : rows) {
            const double gap = values[row * outputs + output] - mean;
            squares += gap * gap / count;
        }
        const double scale = !alike ? 1.0 : squares > 1e-13 * mean * mean ? 1.0 / std::sqrt(squares) : 0.0;
        for (std::size_t i = output; i < values.size(); i += outputs)
            result[i] = (values[i] - mean) * scale;
    }
    return result;
}

bool agree(std::span<const double> a, std::span<const double> b, const SurrogateSpec& spec)
{
    if (spec.agreement == Agreement::Largest)
        return std::max_element(a.begin(), a.end()) - a.begin() == std::max_element(b.begin(), b.end()) - b.begin();
    for (std::size_t i = 0; i < a.size(); ++i) {
        if ((a[i] >= spec.threshold) != (b[i] >= spec.threshold))
            return false;
    }
    return true;
}

void measureFidelity(const EffectRows& model, const std::vector<double>& outputs, const std::vector<std::size_t>& heldOut,
                     const SurrogateSpec& spec, SurrogateTree& tree)
{
    const std::size_t width = model.outputs();
    std::vector<double> errors(width, 0.0), means(width, 0.0), squares(width, 0.0), row(model.columns().size());
    const auto count = static_cast<double>(heldOut.size());
    for (const std::size_t r : heldOut) {
        for (std::size_t i = 0; i < width; ++i)
            means[i] += outputs[r * width + i] / count;
    }
    double same = 0.0;
    for (const std::size_t r : heldOut) {
        for (std::size_t column = 0; column < row.size(); ++column)
            row[column] = model.columns()[column].values[r];
        const std::vector<double>& told = tree.nodes[tree.leafOf(row)].value;
        const std::span<const double> own(outputs.data() + r * width, width);
        for (std::size_t i = 0; i < width; ++i) {
            errors[i] += (own[i] - told[i]) * (own[i] - told[i]);
            squares[i] += (own[i] - means[i]) * (own[i] - means[i]);
        }
        same += spec.agreement != Agreement::None && agree(own, told, spec) ? 1.0 : 0.0;
    }
    for (std::size_t i = 0; i < width; ++i)
        tree.r2.push_back(squares[i] > 0.0 ? 1.0 - errors[i] / squares[i] : std::numeric_limits<double>::quiet_NaN());
    tree.agreement = spec.agreement == Agreement::None ? std::numeric_limits<double>::quiet_NaN() : same / count;
}

/// The path's conditions with one more question; `left`: its answer is yes.
void narrow(std::vector<SurrogateCondition>& conditions, const SurrogateNode& node, const SurrogateTree::Column& column, bool left)
{
    auto found = std::find_if(conditions.begin(), conditions.end(), [&](const SurrogateCondition& condition) { return condition.column == node.column; });
    const bool isNew = found == conditions.end();
    if (isNew) {
        conditions.push_back({node.column, -infinity, infinity, column.levels, true});
        found = conditions.end() - 1;
    }
    SurrogateCondition& condition = *found;
    if (!hasLevels(column.type)) {
        (left ? condition.atMost : condition.above) = node.threshold; // narrower than what the path said before
        if (isNew)
            condition.missing = node.missingRows > 0;
        condition.missing = condition.missing && node.missingLeft == left;
        return;
    }
    const auto chosen = [&](std::size_t level) { return std::binary_search(node.levels.begin(), node.levels.end(), level) == left; };
    std::erase_if(condition.levels, [&](const std::string& level) {
        return !chosen(static_cast<std::size_t>(std::find(column.levels.begin(), column.levels.end(), level) - column.levels.begin()));
    });
    condition.missing = condition.missing && chosen(column.levels.size());
}

void gatherRules(const SurrogateTree& tree, std::size_t index, std::vector<SurrogateCondition> conditions, std::vector<SurrogateRule>& rules)
{
    const SurrogateNode& node = tree.nodes[index];
    if (node.left == 0) {
        rules.push_back({std::move(conditions), index});
        return;
    }
    std::vector<SurrogateCondition> other = conditions;
    narrow(conditions, node, tree.columns[node.column], true);
    narrow(other, node, tree.columns[node.column], false);
    gatherRules(tree, node.left, std::move(conditions), rules);
    gatherRules(tree, node.right, std::move(other), rules);
}

} // namespace

std::size_t SurrogateTree::leafOf(const std::vector<double>& row) const
{
    std::size_t index = 0;
    while (nodes[index].left != 0) {
        const SurrogateNode& node = nodes[index];
        index = goesLeft(index, row[node.column]) ? node.left : node.right;
    }
    return index;
}

bool SurrogateTree::goesLeft(std::size_t index, double value) const
{
    const SurrogateNode& node = nodes[index];
    const Column& column = columns[node.column];
    if (hasLevels(column.type))
        return std::binary_search(node.levels.begin(), node.levels.end(), levelOf(value, column.levels.size()));
    return std::isnan(value) ? node.missingLeft : value <= node.threshold;
}

std::vector<SurrogateRule> SurrogateTree::rules() const
{
    std::vector<SurrogateRule> all;
    gatherRules(*this, 0, {}, all);
    return all;
}

SurrogateTree surrogateTree(const EffectRows& model, const SurrogateSpec& spec, Task& task)
{
    if (spec.depth < 1 || spec.depth > maxSurrogateDepth)
        throw Error(ErrorCode::OptionInvalid, {{"name", "depth"}, {"value", std::to_string(spec.depth)},
                                               {"expected", "1 - " + std::to_string(maxSurrogateDepth)}});
    if (model.rows() < fewestRows)
        throw Error(ErrorCode::TooFewRows, {{"rows", std::to_string(model.rows())}, {"needed", std::to_string(fewestRows)}});
    std::vector<std::size_t> all(model.rows());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const std::vector<double> outputs = model.predict(all, {}, task);

    SurrogateTree tree;
    for (const EffectColumn& column : model.columns())
        tree.columns.push_back({column.name, column.type, column.levels, 0.0});
    // In a random order that is always the same: every fourth row of the table might be every fourth of something else too.
    Random(0, "surrogate").shuffle(all);
    std::vector<std::size_t> heldOut(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(all.size() / 4));
    std::vector<std::size_t> grown(all.begin() + static_cast<std::ptrdiff_t>(all.size() / 4), all.end());
    std::sort(grown.begin(), grown.end());
    tree.rows = grown.size();
    tree.heldOut = heldOut.size();
    tree.modelRows = model.rows();

    const bool alike = spec.agreement == Agreement::None && model.outputs() > 1;
    Grower(model, outputs, compared(outputs, model.outputs(), grown, alike), spec, grown.size(), tree, task).grow(grown);
    measureFidelity(model, outputs, heldOut, spec, tree);
    weighColumns(tree, model.columns(), task);
    return tree;
}

} // namespace limpid
