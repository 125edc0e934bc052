#pragma once

#include "core/explain/Quality.h"
#include "core/workbench/ExplainTable.h"

#include <nlohmann/json_fwd.hpp>

#include <optional>

namespace limpid {

// How far an explanation of rows can be trusted, measured on some of its rows: see core/explain/Quality.h for the formulas.

struct QualityRequest {
    std::vector<std::string> measures;         ///< of qualityMeasures()
    std::vector<std::string> methods = {};     ///< agreement: to compare with; empty: a Shapley method, DeepLIFT, expected gradients and LIME, where they apply
    std::size_t rows = 20;                     ///< of the explained ones, drawn
    std::size_t repeats = 20;                  ///< random orders a row; a tenth of the random sets; draws around a row; ≥ 2
    double radius = 0.05;                      ///< sensitivity: numbers move by at most this share of their deviation in the background; > 0
    std::size_t output = 0;                    ///< whose values are judged
    std::uint64_t seed = 1;
};

/// "insertion", "deletion", "infidelity", "sensitivity", "randomisation", "agreement".
const std::vector<std::string>& qualityMeasures();

/// Insertion and deletion come from the same curves, so that asking for one of them gives both. Means over rows.
struct RevealQuality {
    RevealOrder order = RevealOrder::Value;
    std::vector<double> shares, insertion, deletion, random;   ///< see RevealCurves
    QualityFigure insertionArea, deletionArea;
    QualityFigure randomArea;                                  ///< of random orders, for both
    QualityFigure insertionGain, deletionGain;                 ///< how much better than random orders; of one row its error is the random mean's
    std::size_t orders = 0;                                    ///< random ones a row
};
struct InfidelityQuality {
    QualityFigure infidelity;      ///< in the output's unit, squared
    QualityFigure unexplained;     ///< see Infidelity
    std::size_t sets = 0;          ///< random ones a row
};
/// The largest relativeChange() among the draws, a row: more draws can only find larger ones.
struct SensitivityQuality {
    QualityFigure sensitivity;
    double largest = 0.0;          ///< of all rows
    double radius = 0.0;
    std::size_t draws = 0;
};
/// Parameter randomisation (Adebayo et al. 2018, cascading): the same explanation of the network with layers as they were before training.
struct RandomisationQuality {
    struct Stage {
        std::string layer;         ///< this one and all behind it are randomised
        std::size_t layers = 0;
        QualityFigure correlation; ///< sizeRankCorrelation() with the explanation, mean over rows; the error is over draws of weights
    };
    std::vector<Stage> stages;     ///< from the output to the input
    std::size_t draws = 0;
};
/// Each method against each, on the same background and seed.
struct AgreementQuality {
    std::vector<std::string> methods;        ///< the explanation's own first
    std::size_t top = 0;
    std::vector<QualityFigure> correlation;  ///< [methods, methods]: sizeRankCorrelation(), mean over rows
    std::vector<QualityFigure> overlap;      ///< [methods, methods]: topOverlap()
};

struct QualityOutcome {
    std::string method, output;
    bool words = false;                      ///< players are the words of texts (TextQuality.h), not columns
    std::vector<std::size_t> rows;           ///< of the table, those that were judged
    std::vector<std::string> features;
    bool complete = false;                   ///< false: so far, or stopped
    double done = 0.0;                       ///< share of the work, 0 … 1
    double seconds = 0.0;
    std::optional<RevealQuality> reveal;
    std::optional<InfidelityQuality> infidelity;
    std::optional<SensitivityQuality> sensitivity;   ///< its figure has no rows where no column is a number that varies
    std::optional<RandomisationQuality> randomisation;
    std::optional<AgreementQuality> agreement;

    /// The "quality" of `limpid explain --check --json`. Figures that are not known are null.
    nlohmann::json toJson() const;
};

/// Throws what explainTable() throws before any work, and OptionInvalid: check (no measure, one that is not known, randomisation of a model that
/// has no weights to draw anew, agreement with nothing), repeats, radius, output.
void checkQuality(const Predictor& predictor, const ExplainRequest& request, const QualityRequest& quality);

/// Judges what explainTable() gives for the same arguments. `onPart` (may be empty) gets what is known so far, often. Task::finish() ends it with
/// that; cancel() throws.
QualityOutcome qualityOf(const Predictor& predictor, const Table& table, std::span<const std::size_t> backgroundRows, const ExplainRequest& request,
                         const QualityRequest& quality, const std::function<void(const QualityOutcome&)>& onPart, Task& task);

/// What that would take, by short trials of its parts on this machine: an estimate. Throws as qualityOf() does.
ExplainCost estimateQualityCost(const Predictor& predictor, const Table& table, std::span<const std::size_t> backgroundRows, const ExplainRequest& request,
                                const QualityRequest& quality, Task& task);

} // namespace limpid
