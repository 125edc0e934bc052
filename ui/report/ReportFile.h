#pragma once

#include "ui/report/ReportContents.h"

#include <QByteArray>
#include <QString>

namespace limpid {

// A report as one file. All of these may run on any thread while a QGuiApplication lives (they need its fonts), report to
// `task` and throw Cancelled between two plots.

/// UTF-8, well-formed XML as well as HTML: no script, and nothing that is loaded from elsewhere. Plots are SVG, those that
/// would be large PNG of two pixels a pixel. On screen light or dark as the reader's system is; on paper light, A4.
QByteArray reportHtml(const ReportContents& contents, Task& task);

/// A4, with the plots as lines and the text as text; title and page number at the foot of each page.
QByteArray reportPdf(const ReportContents& contents, Task& task);

/// Whether writeReport() knows the file's ending: .html, .htm or .pdf.
bool isReportName(const QString& path);

/// Either, by the file's ending, atomically: after an error the old file is there as it was. Throws OptionInvalid for another
/// ending, FileUnwritable, DiskFull.
void writeReport(const ReportContents& contents, const QString& path, Task& task);

/// From the question to the file. Gives back what was explained, or why nothing was. Throws as its parts do.
ReportExplanations makeReport(const Workspace& workspace, const ModelVersion& version, const ReportQuestion& question, const QString& path, Task& task);

} // namespace limpid
