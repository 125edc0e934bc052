#pragma once

#include "ui/charts/Plot.h"
#include "ui/report/ReportContents.h"

#include <QStringList>

#include <limits>
#include <variant>

namespace limpid {

// A report in words, tables and plots, before it is a file: HTML and PDF are two ways to write this one.

struct ReportHeading {
    QString text;
};
struct ReportParagraph {
    QString text;
};
/// Without a header: names and values, a row each.
struct ReportTable {
    QStringList header;
    std::vector<QStringList> rows;
    int figuresFrom = std::numeric_limits<int>::max(); ///< columns from this one on are numbers and stand right
};
/// Its plot's sentence is the caption, unless it is so long that it only repeats the picture number by number.
struct ReportFigure {
    QString title;
    std::shared_ptr<const Plot> plot;
    QString caption() const;
};
using ReportBlock = std::variant<ReportHeading, ReportParagraph, ReportTable, ReportFigure>;

struct ReportSection {
    QString id, title;    ///< the id is a word of letters
    std::vector<ReportBlock> blocks;
};

struct ReportDocument {
    QString title, subtitle;
    std::vector<ReportBlock> summary; ///< below the title, before the first section
    std::vector<ReportSection> sections;
};

ReportDocument reportDocument(const ReportContents& contents);

// Its parts that are long enough for files of their own.
ReportSection explanationSection(const ReportExplanations& explanations);
ReportSection effectSection(const std::shared_ptr<const EffectOutcome>& effects);
ReportSection qualitySection(const QualityOutcome& quality);
ReportSection settingsSection(const ReportContents& contents);

} // namespace limpid
