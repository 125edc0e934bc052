#pragma once

#include "core/explain/Explanation.h"
#include "core/metrics/ValidationPicture.h"
#include "core/store/Workspace.h"
#include "core/workbench/Workbench.h"

#include <QString>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace limpid {

/// What is to be explained for a report.
struct ReportQuestion {
    std::filesystem::path file;           ///< "": the run's own data, where it still is what it was
    std::string method = "leverage";      ///< of explainMethods(), those about rows
    /// Of the file; 0, 0: the first 200. The largest number there is as the end: all from the first on.
    std::size_t rowBegin = 0, rowEnd = 0;
    bool superpixels = false;             ///< of pictures, these are the players
};

/// Explanations for a report; where there are none, a sentence that says why.
struct ReportExplanations {
    std::vector<std::shared_ptr<const Explanation>> list;
    QString source;      ///< name of the file whose rows were explained
    QString missing;     ///< "" where there are some
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

/// Reads and explains rows of a file, or of the run's own data. Where that is gone, changed or can't be read, the answer is a
/// sentence; a file that is named must be there. Their background is the training rows where the file has them, else all
/// rows of the file. For a worker. Throws RowRangeInvalid, and as openDataForModel() (of a file that is named), Workspace::loadBundle() and explainTable() do.
ReportExplanations explainForReport(const Workspace& workspace, const ModelVersion& version, const ReportQuestion& question, Task& task);

/// For a worker. Throws as Workspace does for what is missing or damaged; a run that is gone is no error.
ReportContents gatherReport(const Workspace& workspace, const ModelVersion& version, ReportExplanations explanations, Task& task);

} // namespace limpid
