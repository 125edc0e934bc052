#include "core/workbench/RowMethod.h"

#include "core/base/Clock.h"
#include "core/base/OptionErrors.h"
#include "core/base/Random.h"
#include "core/explain/Game.h"
#include "core/explain/Occlusion.h"
#include "core/explain/PartitionShap.h"
#include "core/workbench/ExplainMethods.h"
#include "core/workbench/ExplainedRange.h"
#include "core/workbench/LimeMethod.h"
#include "core/workbench/SuperpixelMethod.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace limpid {

namespace {

AttributionSpec attributionSpec(const ExplainRequest& request)
{
    AttributionSpec spec = request.attribution;
    spec.method = request.method;
    spec.budget = request.budget;
    spec.seed = request.seed;
    return spec;
}

/// All columns, the request's groups together.
std::vector<PlayerGroup> playersOf(const Predictor& predictor, const ExplainRequest& request)
{
    std::vector<std::string> names;
    for (const FeatureGroup& group : predictor.pipeline().groups())
        names.push_back(group.column);
    std::vector<PlayerGroup> groups;
    for (const ColumnGroup& wanted : request.groups) {
        PlayerGroup& group = groups.emplace_back();
        group.name = wanted.name;
        for (const std::string& column : wanted.columns) {
            const auto found = std::find(names.begin(), names.end(), column);
            if (found == names.end())
                throw Error(ErrorCode::ColumnUnknown, {{"column", column}, {"nearest", nearestName(column, names)}, {"path", ""}});
            group.players.push_back(static_cast<std::size_t>(found - names.begin()));
        }
    }
    return completedGroups(std::move(groups), names);
}

/// What two columns have in common, for a tree of them: each row's numbers, and for each category whether the row has it.
PlayerTree columnTree(const Pipeline& pipeline, const Features& background, const std::vector<PlayerGroup>& players)
{
    std::vector<std::vector<double>> columns;
    std::vector<std::vector<std::size_t>> own(players.size());
    for (std::size_t player = 0; player < players.size(); ++player) {
        for (const std::size_t column : players[player].players) {
            const FeatureGroup& group = pipeline.groups()[column];
            const auto add = [&](const auto& valueOf) {
                std::vector<double>& values = columns.emplace_back(background.rows);
                for (std::size_t row = 0; row < background.rows; ++row)
                    values[row] = valueOf(row);
                own[player].push_back(columns.size() - 1);
            };
            for (std::size_t k = group.numberBegin; k < group.numberEnd; ++k)
                add([&](std::size_t row) { return static_cast<double>(background.numbers[row * background.numberWidth + k]); });
            if (group.type == ColumnType::Text)
                continue; // has nothing in common with any
            for (std::size_t k = group.categoryBegin; k < group.categoryEnd; ++k) {
                const auto at = [&](std::size_t row) { return background.categories[row * background.categoryWidth + k]; };
                std::vector<std::int32_t> present;
                for (std::size_t row = 0; row < background.rows; ++row)
                    present.push_back(at(row));
                std::sort(present.begin(), present.end());
                present.erase(std::unique(present.begin(), present.end()), present.end());
                for (const std::int32_t category : present)
                    add([&](std::size_t row) { return at(row) == category ? 1.0 : 0.0; });
            }
        }
    }
    std::vector<double> values(background.rows * columns.size());
    for (std::size_t k = 0; k < columns.size(); ++k) {
        for (std::size_t row = 0; row < background.rows; ++row)
            values[row * columns.size() + k] = columns[k][row];
    }
    return clusterTree(correlationDistances(values, background.rows, columns.size(), own), players.size(), Linkage::Complete);
}

/// As many rows of a background as tell what one costs, counting the same.
WeightedRows fewOf(const WeightedRows& background)
{
    constexpr std::size_t enough = 256;
    const std::size_t count = std::min(enough, background.rows.rows);
    std::vector<double> weights(background.weights.empty() ? 0 : count, 1.0 / static_cast<double>(count));
    return {sliceRows(background.rows, 0, count), std::move(weights)};
}

/// Shapley values and their like, of a game of columns.
class GameMethod final : public RowMethod
{
public:
    GameMethod(const Predictor& predictor, WeightedRows background, const ExplainRequest& request)
        : m_predictor(predictor), m_background(std::move(background)), m_spec{request.method, request.budget, request.seed, request.resolveTop},
          m_space(request.space), m_players(playersOf(predictor, request))
    {
        const std::optional<ImageShape> image = predictor.image();
        const bool pixels = image && image->channels == 1 && m_players.size() == image->height * image->width;
        if (m_spec.method == "partition")
            m_tree = pixels ? gridTree(image->height, image->width) : columnTree(predictor.pipeline(), m_background.rows, m_players);
        if (m_spec.method == "occlusion") {
            m_windows = pixels ? gridWindows(image->height, image->width, {std::min(request.window, image->height), std::min(request.window, image->width)})
                               : std::vector<std::vector<std::size_t>>();
            for (std::size_t player = 0; player < m_players.size() && !pixels; ++player)
                m_windows.push_back({player});
        }
    }

    const std::vector<PlayerGroup>& players() const override { return m_players; }
    std::uint64_t evaluations() const override
    {
        if (m_spec.method == "occlusion")
            return m_windows.size() + 2;
        if (m_spec.method != "partition")
            return plannedEvaluations(m_spec, m_players.size());
        return std::min<std::uint64_t>(m_spec.budget > 0 ? m_spec.budget : 2 * m_players.size() + 2048, partitionEvaluations(m_tree));
    }
    std::uint64_t modelRowsEach() const override { return m_background.rows.rows; }

    Coalitions drawCoalitions(std::size_t count, Random& random) const override
    {
        // Occlusion leaves out a window. Coalitions of Shapley values: every size as often, as in a permutation.
        const bool windows = m_spec.method == "occlusion";
        Coalitions drawn;
        drawn.players = m_predictor.pipeline().groups().size();
        if (m_players.size() < 2)
            return drawn; // nobody to mix with
        std::vector<std::size_t> order(m_players.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        for (; drawn.count < count; ++drawn.count) {
            std::vector<std::size_t> out;
            if (windows) {
                out = m_windows[random.below(m_windows.size())];
            } else {
                random.shuffle(order);
                out.assign(order.begin() + static_cast<std::ptrdiff_t>(1 + random.below(order.size() - 1)), order.end());
            }
            const std::size_t begin = drawn.members.size();
            drawn.members.resize(begin + drawn.players, 1);
            for (const std::size_t player : out) {
                for (const std::size_t column : m_players[player].players)
                    drawn.members[begin + column] = 0;
            }
        }
        return drawn;
    }

    Attributions explain(const EncodedRows& rows, Task& task) const override
    {
        const std::unique_ptr<Game> columns = gameAgainst(m_predictor, rows.features, m_background, m_space);
        const GroupedGame game(*columns, m_players);
        if (m_spec.method == "occlusion")
            return named(occlusion(game, m_windows, task), m_predictor.outputCount(m_space));
        return named(m_spec.method == "partition" ? partitionShapley(game, m_tree, {m_spec.budget}, task).shapley : shapley(game, m_spec, task),
                     m_predictor.outputCount(m_space));
    }

    ExplainCost cost(const EncodedRows& rows, std::size_t count, Task& task) const override
    {
        return costOfCoalitions(m_predictor, rows.features, m_background, m_space, evaluations() * modelRowsEach() * count, m_spec.seed, task);
    }

private:
    const Predictor& m_predictor;
    WeightedRows m_background;
    ShapleySpec m_spec;
    OutputSpace m_space;
    std::vector<PlayerGroup> m_players;
    PlayerTree m_tree;                                  ///< partition
    std::vector<std::vector<std::size_t>> m_windows;    ///< occlusion
};

/// What gradients say.
class GradientMethod final : public RowMethod
{
public:
    GradientMethod(const Predictor& predictor, WeightedRows background, const ExplainRequest& request)
        : m_predictor(predictor), m_background(std::move(background)), m_spec(attributionSpec(request)), m_space(request.space),
          m_players(playersOf(predictor, request))
    {
    }

    const std::vector<PlayerGroup>& players() const override { return m_players; }
    std::uint64_t evaluations() const override { return plannedGradients(m_spec, m_background.rows.rows, m_players.size()); }
    std::uint64_t modelRowsEach() const override { return 1; }
    Coalitions drawCoalitions(std::size_t, Random&) const override { return {}; } // it walks from row to row, or looks at rows alone
    Attributions explain(const EncodedRows& rows, Task& task) const override
    {
        return attributions(m_predictor, rows.features, m_background.rows, m_space, m_spec, task, m_background.weights);
    }
    ExplainCost cost(const EncodedRows& rows, std::size_t count, Task& task) const override
    {
        constexpr double enoughSeconds = 0.05;
        const WeightedRows few = fewOf(m_background);
        const double share = static_cast<double>(plannedGradients(m_spec, few.rows.rows, m_players.size())) / static_cast<double>(evaluations());
        const auto secondsOf = [&](std::size_t tried) {
            const Stopwatch clock;
            attributions(m_predictor, sliceRows(rows.features, 0, tried), few.rows, m_space, m_spec, task, few.weights);
            return clock.seconds();
        };
        double seconds = secondsOf(1);
        // What is taken from where is found once for all rows of a group, of which there are as many as doublings.
        if (m_spec.method == "linear-correlated")
            return {evaluations() * count, seconds * (1.0 + std::log2(std::max(1.0, static_cast<double>(count) / 4.0))) / share};
        // The first call prepares; rows together take less than one by one.
        std::size_t tried = 1;
        for (; seconds < enoughSeconds && tried < rows.features.rows; seconds = secondsOf(tried))
            tried = std::min(4 * tried, rows.features.rows);
        return {evaluations() * count, seconds / static_cast<double>(tried) * static_cast<double>(count) / share};
    }

private:
    const Predictor& m_predictor;
    WeightedRows m_background;
    AttributionSpec m_spec;
    OutputSpace m_space;
    std::vector<PlayerGroup> m_players;
};

} // namespace

Attributions named(ShapleyValues values, std::size_t outputs)
{
    Attributions made;
    made.base.assign(values.base.begin(), values.base.begin() + static_cast<std::ptrdiff_t>(outputs));
    made.predictions = std::move(values.full);
    made.values = std::move(values.values);
    made.errors = std::move(values.errors);
    made.topResolved = std::move(values.topResolved);
    made.evaluations = values.evaluations;
    return made;
}

Attributions named(OcclusionValues found, std::size_t outputs)
{
    ShapleyValues values{std::move(found.base), std::move(found.full), std::move(found.values), {}, found.evaluations, {}};
    values.errors.assign(values.values.size(), 0.0);
    return named(std::move(values), outputs);
}

ExplainCost costOfCoalitions(const Predictor& predictor, const Features& rows, const WeightedRows& background, OutputSpace space, std::uint64_t modelRows,
                             std::uint64_t seed, Task& task)
{
    ExplainCost cost{modelRows, 0.0};
    constexpr std::size_t fewRows = 4;
    const Features explained = sliceRows(rows, 0, std::min(fewRows, rows.rows));
    // Random coalitions, ever more of them until the time taken says something; against a part of a large background.
    constexpr double enoughSeconds = 0.05;
    const WeightedRows few = fewOf(background);
    const std::unique_ptr<Game> game = gameAgainst(predictor, explained, few, space);
    Random random(seed, "trial");
    Coalitions trial;
    trial.players = predictor.pipeline().groups().size();
    double seconds = 0.0;
    for (trial.count = 32; seconds < enoughSeconds && cost.modelRows > 0; trial.count *= 4) {
        trial.members.resize(trial.count * trial.players);
        for (std::uint8_t& member : trial.members)
            member = random.uniform() < 0.5 ? 1 : 0;
        const Stopwatch clock;
        game->values(trial, task);
        seconds = clock.seconds();
        const double tried = static_cast<double>(trial.count * explained.rows * few.rows.rows);
        cost.seconds = seconds / tried * static_cast<double>(cost.modelRows);
        if (tried >= static_cast<double>(cost.modelRows))
            break;
    }
    return cost;
}

EncodedRows encodedRows(const Predictor& predictor, const Table& table, std::vector<std::size_t> rows)
{
    Issues issues;
    Features features = predictor.pipeline().transform(table, rows, false, issues);
    throwFirstError(issues);
    return {table, std::move(rows), std::move(features)};
}

std::vector<std::size_t> explainedRows(const ExplainRequest& request, const Table& table)
{
    if (!request.rows.empty()) {
        const auto wrong = std::adjacent_find(request.rows.begin(), request.rows.end(), std::greater_equal<>());
        if (wrong != request.rows.end())
            throwOptionInvalid("rows", std::to_string(*(wrong + 1)), "rows of the table, ascending and none twice");
        if (request.rows.back() >= table.rows())
            throwOptionInvalid("rows", std::to_string(request.rows.back()), "rows of the table, below " + std::to_string(table.rows()));
        return request.rows;
    }
    const ExplainedRange range = explainedRange(request.rowBegin, request.rowEnd, table.rows());
    std::vector<std::size_t> rows(range.count());
    std::iota(rows.begin(), rows.end(), range.begin);
    return rows;
}

void checkRowMethod(const Predictor& predictor, const ExplainRequest& request)
{
    if (explainMethod(request.method).about != ExplainMethod::About::Rows)
        throwOptionInvalid("method", request.method, "a method that explains rows one by one");
    if (request.superpixels) {
        checkSuperpixelMethod(predictor, request);
        return;
    }
    const std::vector<PlayerGroup> players = playersOf(predictor, request);
    if (request.resolveTop > 0 && !explainMethod(request.method).resolveTop)
        throw Error(ErrorCode::OptionUnused, {{"name", "top"}, {"other", "method"}, {"needed", "leverage | permutation"}});
    if (request.limeFeatures != ExplainRequest().limeFeatures && request.method != "lime")
        throw Error(ErrorCode::OptionUnused, {{"name", "features"}, {"other", "method"}, {"needed", "lime"}});
    if (!takesGroups(request.method) && !request.groups.empty())
        throw Error(ErrorCode::OptionUnused, {{"name", "groups"}, {"other", "method"}, {"needed", "leverage | permutation | kernel | exact | partition | occlusion"}});
    if (isAttributionMethod(request.method) || request.method == "lime") {
        if (request.method == "lime") {
            if (request.background.kind == BackgroundSpec::Kind::KMeans)
                throwOptionInvalid("background", "k-means", "a background whose rows count alike, as lime samples like them"); // it knows no weights
            checkLime(limeSpec(request), players.size());
        } else {
            checkAttribution(attributionSpec(request), predictor);
        }
    } else if (request.method == "exact" && players.size() > maxExactPlayers) {
        throw Error(ErrorCode::TooManyPlayers, {{"players", std::to_string(players.size())},
                                                {"limit", std::to_string(maxExactPlayers)},
                                                {"method", request.method}});
    }
}

std::unique_ptr<RowMethod> makeRowMethod(const Predictor& predictor, EncodedRows background, std::vector<double> weights, const ExplainRequest& request)
{
    if (request.superpixels)
        return std::make_unique<SuperpixelMethod>(predictor, WeightedRows{std::move(background.features), std::move(weights)}, request, playersOf(predictor, request));
    if (request.method == "lime")
        return std::make_unique<LimeMethod>(predictor, background, request, playersOf(predictor, request));
    if (isAttributionMethod(request.method))
        return std::make_unique<GradientMethod>(predictor, WeightedRows{std::move(background.features), std::move(weights)}, request);
    return std::make_unique<GameMethod>(predictor, WeightedRows{std::move(background.features), std::move(weights)}, request);
}

} // namespace limpid
