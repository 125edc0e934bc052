#include "core/workbench/SuperpixelMethod.h"

#include "core/base/OptionErrors.h"
#include "core/explain/MaskLime.h"
#include "core/explain/PartitionShap.h"
#include "core/workbench/ExplainMethods.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace limpid {

namespace {

ImageLimeSpec imageLimeSpec(const ExplainRequest& request) { return {request.budget, request.limeFeatures, request.seed}; }

ShapleySpec shapleySpec(const ExplainRequest& request) { return {request.method, request.budget, request.seed, request.resolveTop}; }

/// NaN where it is missing. Grey levels of few values may have been read as a category of numbers.
double numberOf(const Column& column, std::size_t row)
{
    if (column.type() == ColumnType::Number)
        return column.numbers()[row];
    double value = std::numeric_limits<double>::quiet_NaN();
    const std::string text = column.display(row);
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// [outputs]: the mean prediction, by the rows' weights.
std::vector<double> meanPrediction(const Predictor& predictor, const WeightedRows& rows, OutputSpace space, Task& task)
{
    const Predictions known = predictor.predict(rows.rows, space, task);
    std::vector<double> mean(predictor.outputCount(space), 0.0);
    for (std::size_t row = 0; row < known.rows; ++row) {
        const double weight = rows.weights.empty() ? 1.0 / static_cast<double>(known.rows) : rows.weights[row];
        for (std::size_t output = 0; output < mean.size(); ++output)
            mean[output] += weight * known.at(row, output);
    }
    return mean;
}

} // namespace

const std::vector<std::string>& superpixelMethods()
{
    static const std::vector<std::string> methods{"leverage", "permutation", "kernel", "exact", "partition", "occlusion", "lime"};
    return methods;
}

bool hasSuperpixels(const Predictor& predictor)
{
    const std::vector<FeatureGroup>& columns = predictor.pipeline().groups();
    return predictor.image() && std::all_of(columns.begin(), columns.end(), [](const FeatureGroup& column) { return column.type == ColumnType::Number; });
}

void checkSuperpixelMethod(const Predictor& predictor, const ExplainRequest& request)
{
    const std::vector<std::string>& methods = superpixelMethods();
    if (std::find(methods.begin(), methods.end(), request.method) == methods.end())
        throwOptionUnused("superpixels", "method", alternatives(methods));
    if (!hasSuperpixels(predictor))
        throw Error(ErrorCode::OptionInvalid, {{"name", "players"}, {"value", "superpixels"}, {"expected", "columns, as this network does not take its columns as a picture"}});
    if (!request.groups.empty())
        throwOptionUnused("groups", "players", "columns");
    if (request.resolveTop > 0 && !explainMethod(request.method).resolveTop)
        throwOptionUnused("top", "method", "leverage | permutation");
    if (request.method != "lime" && request.limeFeatures > 0 && request.limeFeatures != ExplainRequest().limeFeatures)
        throwOptionUnused("features", "method", "lime");
    const ImageShape shape = *predictor.image();
    if (request.method != "lime" && !request.limeMeanColour)
        throwOptionUnused("hide", "method", "lime");
    checkSuperpixels(*request.superpixels, shape);
    const std::size_t wanted = wantedSegments(*request.superpixels, shape);
    if (request.method == "exact" && wanted > maxExactPlayers)
        throw Error(ErrorCode::OptionInvalid, {{"name", "segments"}, {"value", std::to_string(wanted)},
                                               {"expected", "1 … " + std::to_string(maxExactPlayers) + ", for the method “exact”"}});
    if (request.method == "lime")
        checkImageLime(imageLimeSpec(request), wanted);
}

SuperpixelMethod::SuperpixelMethod(const Predictor& predictor, WeightedRows background, const ExplainRequest& request, std::vector<PlayerGroup> columns)
    : m_predictor(predictor), m_background(std::move(background)), m_request(request), m_shape(*predictor.image()), m_columns(std::move(columns))
{
}

std::uint64_t SuperpixelMethod::evaluations() const
{
    const std::size_t most = wantedSegments(*m_request.superpixels, m_shape);
    if (isLime())
        return m_request.budget > 0 ? m_request.budget : imageLimeSamples;
    if (m_request.method == "occlusion")
        return most + 2;
    if (m_request.method == "partition") // superpixelTree() is as deep
        return std::min<std::uint64_t>(m_request.budget > 0 ? m_request.budget : 2 * most + 2048, partitionEvaluations(sequenceTree(most)));
    return plannedEvaluations(shapleySpec(m_request), most);
}

std::vector<double> SuperpixelMethod::picture(const EncodedRows& rows, std::size_t index) const
{
    std::vector<double> pixels;
    for (const FeatureGroup& group : m_predictor.pipeline().groups()) {
        pixels.push_back(numberOf(rows.table.column(*rows.table.find(group.column)), rows.numbers[index]));
    }
    return pixels;
}

std::vector<Superpixels> SuperpixelMethod::segmented(const EncodedRows& rows, Task& task) const
{
    std::vector<Superpixels> segments;
    for (std::size_t i = 0; i < rows.numbers.size(); ++i)
        segments.push_back(superpixels(picture(rows, i), m_shape, *m_request.superpixels, task));
    return segments;
}

Features SuperpixelMethod::meanColoured(const EncodedRows& rows, const std::vector<Superpixels>& segments) const
{
    std::vector<std::vector<double>> values(m_columns.size());
    for (std::size_t i = 0; i < rows.numbers.size(); ++i) {
        const std::vector<double> means = meanColours(picture(rows, i), segments[i], m_shape.channels);
        for (std::size_t column = 0; column < means.size(); ++column)
            values[column].push_back(means[column]);
    }
    std::vector<Column> columns;
    for (std::size_t column = 0; column < values.size(); ++column)
        columns.push_back(Column::numbers(m_predictor.pipeline().groups()[column].column, std::move(values[column])));
    const Table table(std::move(columns));
    std::vector<std::size_t> all(rows.numbers.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = i;
    return encodedRows(m_predictor, table, std::move(all)).features;
}

Attributions SuperpixelMethod::played(const Game& columns, const Superpixels& segments, Task& task) const
{
    const GroupedGame game(columns, superpixelPlayers(segments, m_shape.channels));
    const std::size_t outputs = m_predictor.outputCount(m_request.space);
    if (m_request.method == "occlusion")
        return named(occlusion(game, task), outputs);
    if (m_request.method == "partition")
        return named(partitionShapley(game, superpixelTree(segments), {m_request.budget}, task).shapley, outputs);
    return named(shapley(game, shapleySpec(m_request), task), outputs);
}

Attributions SuperpixelMethod::fitted(const Game& columns, const Superpixels& segments, std::size_t number, Task& task) const
{
    const GroupedGame game(columns, superpixelPlayers(segments, m_shape.channels));
    MaskLime lime = limeOfPicture(game, imageLimeSpec(m_request), number, task);
    Attributions made;
    made.predictions = std::move(lime.prediction);
    made.evaluations = lime.samples;
    made.values.assign(lime.fits.size() * game.players(), 0.0);
    made.errors = made.values;
    for (std::size_t output = 0; output < lime.fits.size(); ++output) {
        const LocalSurrogate& fit = lime.fits[output];
        made.fit.push_back(fit.determination);
        for (std::size_t k = 0; k < fit.players.size(); ++k) {
            made.values[output * game.players() + fit.players[k]] = fit.coefficients[k];
            made.errors[output * game.players() + fit.players[k]] = fit.errors[k];
        }
    }
    return made;
}

Attributions SuperpixelMethod::explain(const EncodedRows& rows, Task& task) const
{
    const std::vector<Superpixels> segments = segmented(rows, task);
    const Features means = masksByMean() ? meanColoured(rows, segments) : Features();
    const std::size_t outputs = m_predictor.outputCount(m_request.space), count = rows.numbers.size(), width = m_columns.size();
    Attributions made;
    if (isLime())
        made.base = meanPrediction(m_predictor, m_background, m_request.space, task);
    for (std::size_t i = 0; i < count; ++i) {
        Task part(task, [&](const Task::Progress& progress) {
            task.report((static_cast<double>(i) + std::clamp(progress.fraction, 0.0, 1.0)) / static_cast<double>(count), "explain");
        });
        const WeightedRows instead = masksByMean() ? WeightedRows{sliceRows(means, i, i + 1), {}} : m_background;
        const std::unique_ptr<Game> columns = gameAgainst(m_predictor, sliceRows(rows.features, i, i + 1), instead, m_request.space);
        const Attributions own = isLime() ? fitted(*columns, segments[i], rows.numbers[i], part) : played(*columns, segments[i], part);
        if (made.base.empty())
            made.base = own.base;
        made.predictions.insert(made.predictions.end(), own.predictions.begin(), own.predictions.end());
        made.fit.insert(made.fit.end(), own.fit.begin(), own.fit.end());
        made.topResolved.insert(made.topResolved.end(), own.topResolved.begin(), own.topResolved.end());
        made.evaluations = std::max(made.evaluations, own.evaluations);
        made.segments.insert(made.segments.end(), segments[i].labels.begin(), segments[i].labels.end());
        const std::vector<std::size_t> sizes = segments[i].sizes();
        for (std::size_t output = 0; output < outputs; ++output) {
            for (std::size_t column = 0; column < width; ++column) {
                const std::uint32_t superpixel = segments[i].labels[column % segments[i].labels.size()];
                const double share = 1.0 / static_cast<double>(sizes[superpixel] * m_shape.channels);
                made.values.push_back(share * own.values[output * sizes.size() + superpixel]);
                made.errors.push_back(share * own.errors[output * sizes.size() + superpixel]);
            }
        }
    }
    return made;
}

ExplainCost SuperpixelMethod::cost(const EncodedRows& rows, std::size_t count, Task& task) const
{
    const std::uint64_t modelRows = evaluations() * modelRowsEach() * count;
    if (!masksByMean())
        return costOfCoalitions(m_predictor, rows.features, m_background, m_request.space, modelRows, m_request.seed, task);
    const EncodedRows one{rows.table, {rows.numbers.front()}, sliceRows(rows.features, 0, 1)};
    const Features means = meanColoured(one, segmented(one, task));
    return costOfCoalitions(m_predictor, one.features, {means, {}}, m_request.space, modelRows, m_request.seed, task);
}

} // namespace limpid
