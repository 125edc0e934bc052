#pragma once

#include "core/base/Task.h"
#include "core/data/Pipeline.h"

#include <memory>
#include <optional>
#include <span>

namespace limpid {

/// Which number an output is.
/// Raw: log-odds of the second class (binary, and of each multi-label target), logits (multi-class), the target in its own
/// unit (regressions, also where the link is "log").
/// Probability: of each class, of each target's second class (multi-label); for regressions the same as Raw.
enum class OutputSpace { Raw, Probability };

/// A row's numbers as a picture: values [channels, height, width], in the order of the columns.
struct ImageShape {
    std::size_t channels = 1, height = 0, width = 0;
    bool operator==(const ImageShape&) const = default;
};

/// Rows × outputs, row-major.
struct Predictions {
    std::size_t rows = 0;
    std::size_t outputs = 0;
    std::vector<double> values;
    double at(std::size_t row, std::size_t output) const { return values[row * outputs + output]; }
};

/// Whether player p takes the explained row's value: coalition[p] != 0. Row-major [coalitions, players].
struct Coalitions {
    std::size_t count = 0;
    std::size_t players = 0;
    std::vector<std::uint8_t> members;
    std::span<const std::uint8_t> row(std::size_t i) const { return {members.data() + i * players, players}; }
};

/// A trained model as a function of encoded rows; the encoding keeps the user's columns apart (FeatureGroup), so every
/// method can mask encoded features and still answer in columns. Const members may be called from several threads.
class Predictor
{
public:
    virtual ~Predictor() = default;

    virtual const Pipeline& pipeline() const = 0;
    /// Pipeline::outputs().
    virtual std::size_t outputCount(OutputSpace space) const = 0;
    virtual std::vector<std::string> outputNames(OutputSpace space) const = 0;

    /// How the model takes its columns, where it takes them as a picture: each pixel's value is a column then.
    virtual std::optional<ImageShape> image() const { return std::nullopt; }

    virtual Predictions predict(const Features& features, OutputSpace space, Task& task) const = 0;

    /// v(S) for each of `rows` × `coalitions`: the mean over the background rows b of f(x's features of the groups in S,
    /// b's features of the others), "interventional". Result [rows, coalitions, outputs], row-major.
    /// `weights` [background rows]: how much each of them counts, together 1; empty: all the same.
    /// The default builds every composite row; the engine shares the background's part of the first layer among rows.
    virtual std::vector<double> coalitionMeans(const Features& rows, const Features& background,
                                               const Coalitions& coalitions, OutputSpace space, Task& task,
                                               std::span<const double> weights = {}) const;
};

/// Rows [begin, end) of `features`, targets left out.
Features sliceRows(const Features& features, std::size_t begin, std::size_t end);

} // namespace limpid
