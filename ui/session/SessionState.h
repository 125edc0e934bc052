#pragma once

#include "core/workbench/Workbench.h"

#include <QString>
#include <QStringList>

namespace limpid {

/// What the workspace keeps of a window, so that the next start finds it as it was left.
struct SessionState {
    QString file;                ///< what was open; "": nothing
    CsvOptions options;          ///< as the user set them, not as they were found out
    TrainRequest request;
    QStringList recentFiles;     ///< newest first
    nlohmann::json view = nlohmann::json::object(); ///< settings of pages, by key

    nlohmann::json toJson() const;
    /// Takes what it understands and leaves the rest at its defaults: a state is never a reason not to start.
    static SessionState fromJson(const nlohmann::json& json);
};

} // namespace limpid
