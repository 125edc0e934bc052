#include "core/metrics/ValidationPicture.h"

#include "core/base/Random.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

namespace {

/// The q-quantile of values, between two of them where it falls so (numpy's "linear"). Reorders them.
double quantile(std::vector<double>& values, double q)
{
    const double place = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::ptrdiff_t>(place);
    std::nth_element(values.begin(), values.begin() + below, values.end());
    const double low = values[static_cast<std::size_t>(below)];
    if (below + 1 == static_cast<std::ptrdiff_t>(values.size()))
        return low;
    const double high = *std::min_element(values.begin() + below + 1, values.end());
    return low + (high - low) * (place - static_cast<double>(below));
}

/// Twice the interquartile range by the cube root of the number of values.
std::size_t binCount(std::vector<double> values, double range)
{
    constexpr double fewest = 8.0, most = 64.0;
    const double upper = quantile(values, 0.75), lower = quantile(values, 0.25);
    const double width = 2.0 * (upper - lower) / std::cbrt(static_cast<double>(values.size()));
    return static_cast<std::size_t>(width > 0.0 ? std::clamp(std::ceil(range / width), fewest, most) : fewest);
}

void countResiduals(ResidualPicture& picture, const std::vector<double>& residuals)
{
    const auto [least, largest] = std::minmax_element(residuals.begin(), residuals.end());
    picture.low = *least;
    picture.high = *largest;
    if (!(picture.high > picture.low)) { // as numpy: half a unit on both sides
        picture.low -= 0.5;
        picture.high += 0.5;
    }
    const double range = picture.high - picture.low;
    const std::size_t bins = binCount(residuals, range);
    picture.counts.assign(bins, 0);
    const auto edge = [&](std::size_t bin) { return picture.low + range * (static_cast<double>(bin) / static_cast<double>(bins)); };
    for (const double residual : residuals) {
        const double place = (residual - picture.low) / range * static_cast<double>(bins);
        auto bin = static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(bins - 1)));
        // Rounding must not carry a value over an edge.
        if (bin > 0 && residual < edge(bin))
            --bin;
        else if (bin + 1 < bins && residual >= edge(bin + 1))
            ++bin;
        ++picture.counts[bin];
    }
}

} // namespace

std::vector<ReliabilityBin> reliability(std::span<const ScoredRow> rows, int bins)
{
    const auto count = static_cast<std::size_t>(std::max(bins, 1));
    std::vector<ReliabilityBin> all(count);
    const double width = 1.0 / static_cast<double>(count);
    for (const ScoredRow& row : rows) {
        // An edge is k · width as numpy's linspace has it, and belongs to the bin below.
        auto bin = static_cast<std::size_t>(std::clamp(std::floor(row.score / width), 0.0, static_cast<double>(count - 1)));
        while (bin > 0 && row.score <= static_cast<double>(bin) * width)
            --bin;
        while (bin + 1 < count && row.score > static_cast<double>(bin + 1) * width)
            ++bin;
        all[bin].predicted += row.score;
        all[bin].observed += row.positive;
        ++all[bin].rows;
    }
    std::erase_if(all, [](const ReliabilityBin& bin) { return bin.rows == 0; });
    for (ReliabilityBin& bin : all) {
        bin.predicted /= static_cast<double>(bin.rows);
        bin.observed /= static_cast<double>(bin.rows);
    }
    return all;
}

double calibrationError(std::span<const ReliabilityBin> bins)
{
    double sum = 0.0, rows = 0.0;
    for (const ReliabilityBin& bin : bins) {
        sum += static_cast<double>(bin.rows) * std::abs(bin.observed - bin.predicted);
        rows += static_cast<double>(bin.rows);
    }
    return rows > 0.0 ? sum / rows : std::numeric_limits<double>::quiet_NaN();
}

ClassPicture classPicture(std::string name, std::vector<ScoredRow> rows)
{
    ClassPicture picture;
    picture.name = std::move(name);
    picture.rows = static_cast<std::int64_t>(rows.size());
    picture.calibration = reliability(rows);
    const Ranking ranking(std::move(rows));
    picture.positives = ranking.positives();
    picture.rocAuc = ranking.rocAuc();
    picture.averagePrecision = ranking.averagePrecision();
    picture.roc = thinned(ranking.roc(), ValidationPicture::curvePoints, ValidationPicture::tolerance);
    picture.precisionRecall = thinned(ranking.precisionRecall(), ValidationPicture::curvePoints, ValidationPicture::tolerance);
    return picture;
}

std::vector<std::size_t> sampledRows(std::size_t rows, std::size_t count)
{
    std::vector<std::size_t> sample;
    if (rows <= count) {
        sample.resize(rows);
        std::iota(sample.begin(), sample.end(), std::size_t{0});
        return sample;
    }
    Random random(0, "picture");
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t begin = rows * i / count, end = rows * (i + 1) / count;
        sample.push_back(begin + random.below(end - begin));
    }
    return sample;
}

ResidualPicture residualPicture(std::string name, std::span<const double> truth, std::span<const double> predicted)
{
    ResidualPicture picture;
    picture.name = std::move(name);
    if (truth.empty() || truth.size() != predicted.size())
        return picture;
    picture.rows = static_cast<std::int64_t>(truth.size());
    std::vector<double> residuals(truth.size());
    double sum = 0.0;
    for (std::size_t i = 0; i < truth.size(); ++i)
        sum += residuals[i] = truth[i] - predicted[i];
    picture.mean = sum / static_cast<double>(truth.size());
    double squares = 0.0;
    for (const double residual : residuals)
        squares += (residual - picture.mean) * (residual - picture.mean);
    picture.deviation = std::sqrt(squares / static_cast<double>(truth.size()));
    countResiduals(picture, residuals);
    for (const std::size_t row : sampledRows(truth.size(), ValidationPicture::scatterPoints))
        picture.points.push_back({static_cast<float>(truth[row]), static_cast<float>(predicted[row])});
    return picture;
}

} // namespace limpid
