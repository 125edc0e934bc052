#include "ui/data/DataStart.h"

#include "ui/widgets/EmptyState.h"

#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace limpid {

namespace {
constexpr int mostFiles = 6;
}

DataStart::DataStart(QWidget* parent)
    : QWidget(parent),
      m_empty(new EmptyState("data", tr("Open a table"),
                             tr("Limpid learns from a table: a CSV or TSV file whose first line names the columns. "
                                "Open one, or drop it anywhere on this window."),
                             tr("Open a file…"), this)),
      m_opening(new QLabel(this))
{
    m_empty->button()->setObjectName("emptyOpen");
    connect(m_empty->button(), &QPushButton::clicked, this, &DataStart::openRequested);
    m_opening->setObjectName("opening");
    m_opening->setProperty("role", "emptyTitle");
    m_opening->setAlignment(Qt::AlignCenter);
    m_opening->hide();
    m_recent = makeColumn(tr("RECENT FILES"), "recentFiles", m_recentRows);
    m_samples = makeColumn(tr("SAMPLES TO TRY"), "sampleFiles", m_sampleRows);

    auto* columns = new QHBoxLayout;
    columns->setSpacing(64);
    columns->addStretch(1);
    columns->addWidget(m_recent, 0, Qt::AlignTop);
    columns->addWidget(m_samples, 0, Qt::AlignTop);
    columns->addStretch(1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 24);
    layout->addWidget(m_empty, 3);
    layout->addWidget(m_opening, 3);
    layout->addLayout(columns, 2);
}

QWidget* DataStart::makeColumn(const QString& title, const QString& name, QVBoxLayout*& rows)
{
    auto* column = new QWidget(this);
    column->setObjectName(name);
    rows = new QVBoxLayout(column);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(2);
    auto* heading = new QLabel(title, column);
    heading->setProperty("role", "section");
    rows->addWidget(heading);
    column->hide();
    return column;
}

void DataStart::fill(QWidget* column, QVBoxLayout* rows, const QStringList& paths, bool sample)
{
    while (rows->count() > 1) {
        QLayoutItem* item = rows->takeAt(1);
        delete item->widget();
        delete item;
    }
    for (const QString& path : paths.mid(0, mostFiles)) {
        const QFileInfo file(path);
        auto* button = new QPushButton(sample ? file.completeBaseName() : file.fileName(), column);
        button->setObjectName((sample ? "sample_" : "recent_") + file.completeBaseName());
        button->setProperty("role", "link");
        button->setCursor(Qt::PointingHandCursor);
        button->setToolTip(QDir::toNativeSeparators(path));
        connect(button, &QPushButton::clicked, this, [this, path] { emit fileChosen(path); });
        rows->addWidget(button, 0, Qt::AlignLeft);
    }
    column->setVisible(!paths.isEmpty());
}

void DataStart::setRecent(const QStringList& paths) { fill(m_recent, m_recentRows, paths, false); }
void DataStart::setSamples(const QStringList& paths) { fill(m_samples, m_sampleRows, paths, true); }

void DataStart::setOpening(const QString& file)
{
    m_opening->setText(tr("Reading %1…").arg(file));
    m_opening->setVisible(!file.isEmpty());
    m_empty->setVisible(file.isEmpty());
    m_recent->setVisible(file.isEmpty() && m_recentRows->count() > 1);
    m_samples->setVisible(file.isEmpty() && m_sampleRows->count() > 1);
}

} // namespace limpid
