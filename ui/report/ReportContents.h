#pragma once

#include "core/explain/Explanation.h"
#include "core/metrics/ValidationPicture.h"
#include "core/store/Workspace.h"
#include "core/workbench/EffectTable.h"
#include "core/workbench/TextQuality.h"
#include "core/workbench/Workbench.h"

#include <QString>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace limpid {

/// What is to be explained for a report.
struct ReportQuestion {
    std::filesystem::path file = {};           ///< "": the run's own data, where it still is what it was
    std::string method = "leverage";           ///< of explainMethods(), those about rows
    /// Of the file; 0, 0: the first 200. The largest number there is as the end: all from the first on.
    std::size_t rowBegin = 0, rowEnd = 0;
    bool superpixels = false;                  ///< of pictures explained anew, these are the players
    std::optional<bool> explain = {};          ///< whether rows are explained anew; none: where a file is named or no kept explanation of columns is told
    /// Numbers of kept explanations of the version, in the order in which they are told; none: the newest of each method, at most mostKept.
    std::optional<std::vector<std::int64_t>> kept = {};
    /// So many of the columns that move the predictions most, by the first explanation told, get their effects; none for pictures.
    std::size_t effectColumns = 4;
    EffectMethod effects = EffectMethod::PartialDependence;   ///< or Ale
    bool quality = false;                      ///< measure how far the first explanation can be trusted; see estimateReport()

    static constexpr std::size_t mostKept = 4;
};

/// One that a report tells: of columns or of words.
struct ReportExplanation {
    std::shared_ptr<const Explanation> columns;   ///< or null
    std::shared_ptr<const TextOutcome> words;     ///< or null
    QString source;                               ///< name of the file whose rows were explained
    std::int64_t keptMs = 0;                      ///< when it was kept; 0: made for this report
    QString name;                                 ///< the user's for a kept one; "": none
    bool sameModel = true;                        ///< false: it was kept before the version's files became others

    const std::string& method() const { return columns ? columns->method : words->method; }
    const std::string& background() const;
    std::size_t rowCount() const { return columns ? columns->rowCount() : words->rows.size(); }
};

/// Explanations for a report; what is missing has a sentence that says why.
struct ReportExplanations {
    std::vector<ReportExplanation> list;
    std::shared_ptr<const EffectOutcome> effects;      ///< null: none
    std::optional<QualityOutcome> quality;             ///< none: not measured
    QString missing;     ///< "" where nothing is
};

/// All that a report tells, as values.
struct ReportContents {
    ModelVersion version;
    std::optional<RunRecord> run;                     ///< none: it was imported, or its run is gone
    Pipeline pipeline;
    NetworkSpec network;
    std::size_t members = 1;                          ///< of an ensemble
    std::vector<EpochRecord> epochs;                  ///< as far as stored
    std::shared_ptr<const ValidationPicture> picture; ///< null where the run has none
    ReportExplanations explanations;
    std::int64_t writtenMs = 0;
};

/// Gathers kept explanations, and explains rows of a file, or of the run's own data. Where that is gone, changed or can't be read, the answer is a
/// sentence; a file that is named must be there. Their background is the training rows where the file has them, else all
/// rows of the file. For a worker. Throws RowRangeInvalid, ExplanationUnknown (also for one of another version), and as openDataForModel() (of a file that is
/// named), Workspace::loadBundle() and explainTable() do.
ReportExplanations explainForReport(const Workspace& workspace, const ModelVersion& version, const ReportQuestion& question, Task& task);

/// What a report's parts would take, by trials on this machine: seconds, estimated.
struct ReportCost {
    double explaining = 0.0, effects = 0.0, quality = 0.0;
    double all() const { return explaining + effects + quality; }
};
/// Throws as explainForReport() does; where there is no data there is nothing to take time.
ReportCost estimateReport(const Workspace& workspace, const ModelVersion& version, const ReportQuestion& question, Task& task);

/// For a worker. Throws as Workspace does for what is missing or damaged; a run that is gone is no error.
ReportContents gatherReport(const Workspace& workspace, const ModelVersion& version, ReportExplanations explanations, Task& task);

} // namespace limpid
