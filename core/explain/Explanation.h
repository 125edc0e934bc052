#pragma once

#include "core/base/Error.h"
#include "core/data/Table.h"
#include "core/explain/OutOfDistribution.h"
#include "core/model/Differentiable.h"

#include <nlohmann/json_fwd.hpp>

namespace limpid {

/// What a background was chosen by: see BackgroundSpec.
struct BackgroundInfo {
    std::string kind;                        ///< all | sample | k-means | row | cohort | rows; "": not known
    std::string where;                       ///< cohort: its conditions; rows: the name they go by, if any
    std::size_t row = 0;                     ///< row: which, from 0
};

/// What each column does to the predictions of some rows: what every explanation chart draws. All arrays row-major.
struct Explanation {
    std::string method;                      ///< of shapleyMethods() or attributionMethods(), occlusion or lime
    TaskKind task = TaskKind::Regression;    ///< the model's: what the outputs are numbers of
    std::string space;                       ///< raw | probability
    std::vector<std::string> outputs;        ///< names
    std::vector<std::string> features;       ///< the user's columns (players)
    std::vector<std::size_t> rows;           ///< row numbers in the explained file, from 0
    std::vector<double> base;                ///< [outputs]: mean over the background
    std::vector<double> predictions;         ///< [rows, outputs]
    std::vector<double> values;              ///< [rows, outputs, features]
    std::vector<double> errors;              ///< same shape: standard error; 0 where exact
    std::optional<ImageShape> image;         ///< where the model takes the features as a picture, in their order
    bool additive = true;                    ///< false: values are slopes and the like, which do not add up to the prediction
    double residual = 0.0;                   ///< max |base + Σ values − prediction| over the range of predictions and base; 0 where not additive
    std::vector<bool> topResolved;           ///< [rows, outputs]: see ShapleySpec::resolveTop; empty where it was not asked for
    /// [rows, height · width] of `image`, where the players were each row's superpixels: which one a pixel is in, 0 … A pixel's value and error
    /// are then its superpixel's, divided evenly among the columns of the superpixel: see superpixelEffects(). Else empty.
    std::vector<std::uint32_t> segments;
    std::vector<double> fit;                 ///< [rows, outputs]: lime: weighted R² of the row's linear model; else empty
    std::uint64_t evaluations = 0;           ///< coalitions evaluated per row; of attributions gradients, of lime samples
    std::uint64_t modelRows = 0;             ///< model evaluations altogether
    double seconds = 0.0;
    std::string background;                  ///< rows that the background was chosen from, e.g. "training rows"
    BackgroundInfo backgroundInfo;
    std::size_t backgroundRows = 0;
    std::size_t backgroundOf = 0;            ///< rows that these were chosen from, of a cohort those that meet its conditions; 0: not known
    std::optional<OutsideShare> outside;     ///< of methods that put other values in the place of columns: see estimateOutside()
    std::string baseline;                    ///< integrated-gradients: "mean" of the background, or "zero"; lime: "mean colour" of superpixels; else ""
    std::vector<LayerLeak> ledger;           ///< deeplift: what each layer leaked, from the output to the inputs
    /// The explained rows in the user's words, [rows][features], and where numeric the number (NaN otherwise), for colour.
    std::vector<std::string> cellText;       ///< [rows, features]
    std::vector<double> cellNumber;          ///< [rows, features]: number, category's code, or NaN for missing

    std::size_t rowCount() const { return rows.size(); }
    double value(std::size_t row, std::size_t output, std::size_t feature) const
    { return values[(row * outputs.size() + output) * features.size() + feature]; }
    double error(std::size_t row, std::size_t output, std::size_t feature) const
    { return errors[(row * outputs.size() + output) * features.size() + feature]; }

    /// The document of `limpid explain --json`.
    nlohmann::json toJson() const;
};

/// One column's share: mean |value| over rows with its standard error.
struct FeatureImportance {
    std::size_t feature = 0;
    double mean = 0.0;
    double error = 0.0;
};
/// Sorted, largest first; ties by column order.
std::vector<FeatureImportance> meanAbsolute(const Explanation& explanation, std::size_t output);

/// For each, whether its place is certain: told apart at 95 % (|difference| > 1.96·√(e²+e²)) from every other.
std::vector<bool> placesResolved(const std::vector<FeatureImportance>& importances);

/// How many of the leading places are certain.
std::size_t resolvedOrder(const std::vector<FeatureImportance>& importances);

} // namespace limpid
