#pragma once

#include "core/base/Error.h"
#include "core/data/Split.h"
#include "core/data/Table.h"
#include "core/data/Vocabulary.h"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <span>

namespace limpid {

/// One target: Binary, MultiClass, Regression. Several: MultiLabel (each has two values) or MultiRegression (all numbers).
enum class TaskKind { Binary, MultiClass, Regression, MultiLabel, MultiRegression };

/// "binary", "multi-class", "regression", "multi-label", "multi-regression".
std::string_view taskKindName(TaskKind kind);

/// What is prepared how. Defaults suit any table.
struct PipelineSpec {
    std::string target;                ///< the first, where there are several
    std::vector<std::string> ignored;  ///< columns the user left out
    /// Categories: "embedding" (an index per column) or "one-hot".
    std::string categories = "embedding";
    /// Numbers: "standard" (mean 0, deviation 1), "quantile" (normal scores by the training quantiles) or "none".
    std::string scaling = "standard";
    /// Spellings of "missing" by column that the table was read with, so that later files are read alike.
    std::map<std::string, std::vector<std::string>> missingMarks;
    std::vector<std::string> moreTargets = {};  ///< after the first
    /// What number targets are told by: "identity", or "log": an output is the logarithm of a row's mean count over the mean
    /// of all training rows, as the loss Poisson has it. Targets are then divided by that mean alone, may not be negative, and
    /// are numbers however few values they have.
    std::string link = "identity";
    /// Columns of numbers with one value in all training rows stay, as pixels of an image, and without a warning.
    bool keepConstants = false;
    /// Text columns: "ignore" (left out, with a note) or "tokens" (the indices of their words, see Pipeline).
    std::string text = "ignore";
    int vocabulary = 10'000;   ///< at most so many indices, padding and "unseen" among them
    /// Words of a text that are read; 0: as many as 19 of 20 training texts have, but 8 to 256.
    int tokens = 0;

    std::vector<std::string> targets() const;
    void setTargets(const std::vector<std::string>& names);
    bool operator==(const PipelineSpec&) const = default;
};

/// A column that is predicted, as it was learnt.
struct TargetCoding {
    std::string column;
    ColumnType type = ColumnType::Number;
    std::vector<std::string> classes;  ///< labels as spelled in the file, by index; empty for a number
    double mean = 0.0, scale = 1.0;    ///< of a number; the link "log": 0 and the mean

    double decoded(double scaled) const { return scaled * scale + mean; }
};

/// Encoded rows, row-major, in the layout the engine trains on.
struct Features {
    std::size_t rows = 0;
    std::size_t numberWidth = 0;     ///< encoded number features
    std::size_t categoryWidth = 0;   ///< one per embedded column, then the positions of the text columns side by side
    std::size_t textWidth = 0;       ///< how many of categoryWidth, the last ones, are of text
    std::vector<float> numbers;              ///< [rows, numberWidth]
    std::vector<std::int32_t> categories;    ///< [rows, categoryWidth], each in [0, cardinality); of text: [0, vocabulary)
    std::size_t targetWidth = 1;             ///< one a target
    std::vector<float> targets;              ///< [rows, targetWidth]: class index, or the scaled number; empty where not asked for
};

/// Which encoded features one of the user's columns became: the unit ("player") of every explanation.
struct FeatureGroup {
    std::string column;
    ColumnType type = ColumnType::Number;
    std::size_t numberBegin = 0, numberEnd = 0;   ///< range of Features::numbers
    /// Range of a row of Features::categories: one place of an embedded column, all positions of a text column, else empty.
    std::size_t categoryBegin = 0, categoryEnd = 0;
};

/// The preprocessing of one model, learnt from training rows only, and part of the model ever after.
/// Number: impute the training median, scale; plus a 0/1 "was missing" feature where training rows had gaps.
/// "standard" divides by the deviation and cuts at ±10 deviations, so that one absurd value can't drown a row.
/// Boolean: 0/1 (missing: the training mean), with the same gap feature. DateTime: seconds scaled, and sine and cosine
/// of the time of year, the day of week and the time of day where these vary.
/// Category, embedding: the known values are 0 … k−1 in order of first appearance, then missing (only if training rows
/// had gaps), and last, always, one index for values unseen in training. No training row ever has that last index, so
/// the engine gives it the mean of the other indices' vectors once training is done.
/// Category, one-hot: one place per known value, then one for missing (only if training rows had gaps); a value unseen
/// in training is all zeros.
/// A missing category where training had none counts as unseen, without a warning.
/// Text, tokens: the indices of its first words in one vocabulary for all text columns: 0 for padding, 1 for a word that training
/// never met, then the words of the training rows, the most frequent first (WordCounts). Words behind the last that is read do
/// not count as met. Shorter texts are padded on the left; a missing one is all padding.
/// Text columns (unless they become tokens) and identifiers (all values distinct) are left out, with a note; of a text column
/// that becomes tokens only its name ("id") makes it an identifier, for most texts are distinct.
/// Target: labels sorted (numerically if all are numbers, booleans false first); a Number target is a regression and
/// standardised for training. A Number target with integer values and at most 2 distinct ones is binary.
/// Several targets: each coded as one alone would be, all of them two-valued or all of them numbers.
class Pipeline
{
public:
    static constexpr int maxVocabulary = 1'000'000;
    static constexpr int maxTokens = 10'000;        ///< of one text column
    static constexpr int maxTextWidth = 100'000;    ///< of all of them

    Pipeline() = default;

    /// Takes a Split, not a table, so that validation rows can't leak. Throws TargetUnknown, TargetOneClass,
    /// TargetUnsupported, TargetMissing, TargetRepeated, TargetManyClasses, TargetsMixed, NoInputs, TooFewRows, ColumnUnknown
    /// (an ignored column that is not there) and OptionInvalid. Appended to `issues`: errors (ColumnAllMissing: no training
    /// row has a value, so there is nothing to fit; the pipeline goes on without the column. TargetNegative: of the split's
    /// rows, where the link is "log"), warnings (ColumnConstant; ColumnIgnored for texts without a word) and notes
    /// (ColumnIgnored).
    static Pipeline fit(const Table& table, const Split& split, const PipelineSpec& spec, Issues& issues);

    const PipelineSpec& spec() const { return m_spec; }
    TaskKind task() const { return m_task; }
    /// In the order of the specification, at least one.
    const std::vector<TargetCoding>& targets() const { return m_targets; }
    /// Class labels of the only target as spelled in the file, by index; empty for regression and for several targets.
    const std::vector<std::string>& classes() const;
    /// How many numbers a prediction holds: one a class (multi-class), else one a target.
    std::size_t outputs() const;
    /// Their names: the second class (binary), the classes, or the targets.
    std::vector<std::string> outputNames() const;
    /// Whether a prediction is scale · exp(output).
    bool logLink() const { return m_spec.link == "log"; }
    /// One per used input column, in the table's order.
    const std::vector<FeatureGroup>& groups() const { return m_groups; }
    std::size_t numberWidth() const { return m_numberWidth; }
    /// Number of indices of each embedded column, with missing and unseen.
    const std::vector<int>& cardinalities() const { return m_cardinalities; }
    /// Positions of all text columns together.
    std::size_t textWidth() const { return m_textWidth; }
    /// Number of indices of words, with padding and unseen; 0 where there is no text.
    int vocabularySize() const { return m_textWidth > 0 ? m_vocabulary.size() : 0; }
    const Vocabulary& vocabulary() const { return m_vocabulary; }
    /// Of the first target; 0 and 1 for classes.
    double targetMean() const { return m_targets.front().mean; }
    double targetScale() const { return m_targets.front().scale; }

    /// Columns are found by name, so order does not matter. Errors in `issues`: ColumnMissing, ColumnTypeMismatch;
    /// warnings: ColumnUnseenCategory (with the count), ColumnExtra, ColumnReordered. With targets also, as errors,
    /// TargetMissing, ColumnUnseenCategory (a class never seen in training) and TargetNegative. On an error the result is
    /// empty.
    /// A column may come as another type as long as its values fit: numbers in a Text column are read. Words that training
    /// never met are no issue.
    Features transform(const Table& table, std::span<const std::size_t> rows, bool withTargets, Issues& issues) const;
    Features transform(const Table& table, bool withTargets, Issues& issues) const;

    /// Types that a reader must be told so that a file reads as at training.
    std::map<std::string, ColumnType> columnTypes() const;

    nlohmann::json toJson() const;
    /// Throws BundleInvalid.
    static Pipeline fromJson(const nlohmann::json& json);

private:
    friend class PipelineFitter;

    struct ColumnEncoder {
        std::string column;
        ColumnType type = ColumnType::Number;
        bool gapFeature = false;
        double fill = 0.0;                      ///< imputed, before scaling
        double mean = 0.0, scale = 1.0;
        std::vector<double> quantiles;          ///< "quantile" scaling: training quantiles
        std::vector<std::string> categories;    ///< known values, in order of index; Boolean: false, true
        bool missingIndex = false;
        std::vector<std::string> periods;       ///< DateTime: which cycles, of year, week, day
        std::size_t tokens = 0;                 ///< Text: positions
    };

    /// What a row of `column` becomes, written to its place in `features`.
    void encode(std::size_t group, const Column& column, std::span<const std::size_t> rows, Features& features,
                Issues& issues) const;
    void encodeText(const FeatureGroup& group, const Column& column, std::span<const std::size_t> rows, Features& features) const;
    void encodeTarget(std::size_t target, const Column& column, std::span<const std::size_t> rows, Features& features,
                      Issues& issues) const;
    /// False, with TargetNegative for the first, where a value is no count's: below zero or not finite.
    static bool checkCounts(const Column& column, std::span<const std::size_t> rows, std::span<const double> values,
                            Issues& issues);
    /// Sets m_groups, m_cardinalities and the widths from the encoders.
    void layOut();
    std::size_t numberFeatures(const ColumnEncoder& encoder) const;

    PipelineSpec m_spec;
    std::vector<std::string> m_columns;         ///< every column of the table it was fitted on, in order
    TaskKind m_task = TaskKind::Regression;
    std::vector<ColumnEncoder> m_encoders;      ///< parallel to m_groups
    std::vector<FeatureGroup> m_groups;
    std::vector<int> m_cardinalities;
    std::vector<TargetCoding> m_targets = std::vector<TargetCoding>(1);
    std::size_t m_numberWidth = 0;
    std::size_t m_textWidth = 0;
    Vocabulary m_vocabulary;
};

} // namespace limpid
