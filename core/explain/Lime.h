#pragma once

#include "core/base/Random.h"
#include "core/explain/Attribution.h"
#include "core/explain/EffectRows.h"

namespace limpid {

// LIME for tables (Ribeiro, Singh & Guestrin 2016), as the lime package's LimeTabularExplainer draws and fits: a linear model of what the model
// says about rows that are like the explained one in some columns and like the background in the others.

struct LimeSpec {
    std::size_t samples = 0;      ///< a row, the row itself among them; 0: limeSamples
    std::size_t features = 10;    ///< columns that each row's linear model keeps; 0: all
    std::uint64_t seed = 1;
};

constexpr std::size_t limeSamples = 5000;
/// Samples × columns of one row that are held at once.
constexpr std::size_t limeCells = std::size_t{1} << 25;

/// Throws OptionInvalid (budget) where a row's samples are too few for a regression or too many to hold.
void checkLime(const LimeSpec& spec, std::size_t columns);

/// What rows are sampled from, learnt from a background once for all rows to explain.
/// A number or date-time: the quartiles of its values make up to four bins; a sample's bin is drawn as often as background rows lie in it, and its
/// value from a normal distribution of the bin's mean and deviation, cut off at the bin's ends (one of 512 values of equal probability).
/// A category or boolean: its levels, as often as they occur. A gap is a bin or a level of its own. A text: the row's own in every second sample,
/// else a background row's.
/// Columns are drawn independently, so that samples may lie outside the data.
class Lime
{
public:
    /// At least one row. Keeps nothing of it.
    explicit Lime(const EffectRows& background);

    /// `numbers[i]` names row i of `rows` and, with the seed, its draws: a row's answer does not hang on which others are asked.
    /// values [rows, outputs, columns]: how much the output differs, in a weighted ridge regression, between samples that have the row's bin or level
    /// and those that have not; 0 for columns it does not keep. They do not add up to the prediction.
    /// errors: how far other draws would move them (LocalSurrogate::errors).
    /// base [outputs]: what `base` was given; each row's regression has an intercept of its own, which is none of these.
    /// fit [rows, outputs]: the regression's weighted R². Little means that values say little about the model there.
    /// `rows` and the background must come from the same model. Throws as checkLime() does.
    Attributions explain(const EffectRows& rows, std::span<const std::size_t> numbers, std::vector<double> base, const LimeSpec& spec, Task& task) const;

private:
    /// One column's bins or levels.
    struct Kind {
        std::vector<double> edges;             ///< of the bins of a number or date-time
        std::vector<std::string> levels;
        std::vector<std::size_t> names;        ///< which bin or level each of those that occur is
        /// For each of `names`, in 2⁻³² of the background: its share and those before it; those before it alone. The last of `upTo` is 1.
        std::vector<std::uint64_t> upTo, from;
        std::vector<std::uint64_t> perShare;   ///< for each of `names`: its values by share of the background
        EffectValues values;                   ///< for each of `names`, `each` values; a text's: all background rows
        std::uint32_t each = 1;
    };
    /// Draws of one column: which of Kind::values, the row's own value standing behind the last, and whether it is as in the row.
    struct Draws {
        std::vector<std::uint32_t> picked;
        std::vector<std::uint8_t> same;
    };
    /// `own`: the place of the row's bin or level among the kind's.
    static void draw(const Kind& kind, std::size_t own, Random& random, Draws& draws);
    /// `last`: the row's own text.
    static void drawTexts(std::uint32_t last, Random& random, Draws& draws);
    /// All but its values' encoding; those are put into `values`.
    static Kind kindOf(const EffectColumn& column, std::vector<double>& values);
    /// Which bin or level a value is.
    static std::size_t nameOf(const Kind& kind, const EffectColumn& column, double value);

    std::vector<Kind> m_kinds;
};

} // namespace limpid
