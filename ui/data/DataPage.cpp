#include "ui/data/DataPage.h"

#include "ui/data/ColumnCard.h"
#include "ui/data/ColumnHeader.h"
#include "ui/data/DataStart.h"
#include "ui/data/DataTableModel.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Card.h"
#include "ui/widgets/Scrolled.h"

#include <QFileInfo>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QStyle>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace limpid {

namespace {

constexpr int narrowBelow = 1000; ///< of the page: there the column goes below the table
constexpr int columnWidth = 320, columnHeight = 252;
constexpr int rowsMeasured = 60, widestColumn = 280, issuesHeight = 84;

/// Width for a column from its header and its first rows: a million rows are never measured.
int fittingWidth(const Column& column, int header, const QFontMetrics& metrics)
{
    int width = header;
    for (std::size_t row = 0; row < std::min<std::size_t>(column.rows(), rowsMeasured); ++row) {
        const std::string text = column.display(row);
        width = std::max(width, 28 + metrics.horizontalAdvance(
                                         QString::fromUtf8(text.data(), static_cast<int>(std::min<std::size_t>(text.size(), 60)))));
    }
    return std::min(width, std::max(header, widestColumn));
}

} // namespace

struct DataPage::Private {
    Private(DataPage& page, Session& theSession, const Theme& theTheme) : q(page), session(theSession), theme(theTheme) {}

    void build();
    QWidget* buildTableCard();
    void showData();
    void showCells();
    void showIssues();
    void showSubtitle();
    void chooseColumn(int column);
    void arrange();

    DataPage& q;
    Session& session;
    const Theme& theme;
    QStackedWidget* stack = nullptr;
    DataStart* start = nullptr;
    QBoxLayout* columns = nullptr;
    Card* tableCard = nullptr;
    QTableView* view = nullptr;
    ColumnHeader* header = nullptr;
    DataTableModel* model = nullptr;
    QPushButton* next = nullptr;
    QScrollArea* issueArea = nullptr;
    QVBoxLayout* issues = nullptr;
    ColumnCard* columnCard = nullptr;
    QStringList widthsOf; ///< names of the columns that the widths were made for
};

DataPage::DataPage(Session& session, const Theme& theme, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(*this, session, theme))
{
    d->build();
    connect(&session, &Session::dataChanged, this, [this] { d->showData(); });
    connect(&session, &Session::openingChanged, this, [this] { d->showData(); });
    connect(&session, &Session::profilesChanged, this, [this] {
        d->showCells();
        d->columnCard->refresh();
    });
    connect(&session, &Session::requestChanged, this, [this] {
        d->showCells();
        d->showSubtitle();
        d->columnCard->refresh();
    });
    connect(&session, &Session::planChanged, this, [this] { d->showIssues(); });
    connect(&theme, &Theme::changed, this, [this] { d->showIssues(); });
    d->showData();
}

DataPage::~DataPage() = default;

void DataPage::Private::build()
{
    start = new DataStart;
    connect(start, &DataStart::openRequested, &q, &DataPage::openRequested);
    connect(start, &DataStart::fileChosen, &session, &Session::openFile);

    columnCard = new ColumnCard(session, theme);
    auto* open = new QWidget;
    columns = new QBoxLayout(QBoxLayout::LeftToRight, open);
    columns->setContentsMargins(Theme::margin, Theme::margin, Theme::margin, Theme::margin);
    columns->setSpacing(Theme::gap);
    columns->addWidget(buildTableCard(), 1);
    columns->addWidget(columnCard);

    stack = new QStackedWidget(&q);
    stack->addWidget(start);
    stack->addWidget(open);
    auto* layout = new QVBoxLayout(&q);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(stack);
    arrange();
}

QWidget* DataPage::Private::buildTableCard()
{
    tableCard = new Card(tr("Rows"));
    auto* open = new QPushButton(theme.icon("open"), tr("Open…"));
    open->setObjectName("openFile");
    open->setToolTip(tr("Open another file (Ctrl+O)"));
    connect(open, &QPushButton::clicked, &q, &DataPage::openRequested);
    tableCard->addControl(open);
    next = new QPushButton(tr("Next: network"));
    next->setObjectName("nextStep");
    next->setProperty("role", "primary");
    next->setToolTip(tr("Look at the network that will learn this, and change it"));
    connect(next, &QPushButton::clicked, &session, [this] { emit session.pageRequested("network"); });
    tableCard->addControl(next);

    model = new DataTableModel(&q);
    view = new QTableView;
    view->setObjectName("dataTable");
    view->setAccessibleName(tr("Rows of the open file"));
    header = new ColumnHeader(theme, view);
    view->setHorizontalHeader(header);
    view->setModel(model);
    view->setFrameShape(QFrame::NoFrame);
    view->setShowGrid(false);
    view->setWordWrap(false);
    view->setTextElideMode(Qt::ElideRight);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setCornerButtonEnabled(false);
    view->setTabKeyNavigation(false);
    // Rows of one fixed height: that is what lets a million of them scroll.
    view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view->verticalHeader()->setDefaultSectionSize(Theme::row);
    view->verticalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    connect(view->selectionModel(), &QItemSelectionModel::currentColumnChanged, &q,
            [this](const QModelIndex& current) { chooseColumn(current.column()); });
    connect(header, &QHeaderView::sectionClicked, &q, [this](int column) {
        const int row = std::max(0, view->rowAt(0));
        view->setCurrentIndex(model->index(row, column));
        chooseColumn(column);
        if (QGuiApplication::keyboardModifiers() & Qt::ControlModifier)
            columnCard->toggleTarget();
    });

    auto* list = new QWidget;
    issues = new QVBoxLayout(list);
    issues->setContentsMargins(14, 8, 14, 8);
    issues->setSpacing(6);
    issueArea = scrolled(list, tableCard);
    issueArea->setObjectName("dataIssues");
    issueArea->setAccessibleName(tr("Worth knowing about this file"));

    tableCard->body()->setContentsMargins(0, 0, 0, 1);
    tableCard->body()->setSpacing(0);
    tableCard->body()->addWidget(view, 1);
    auto* separator = new QFrame;
    separator->setProperty("role", "separator");
    tableCard->body()->addWidget(separator);
    tableCard->body()->addWidget(issueArea);
    return tableCard;
}

void DataPage::setSamples(const QStringList& paths)
{
    d->start->setSamples(paths);
    d->showData();
}

void DataPage::showColumn(const QString& column)
{
    const auto data = d->session.data();
    const auto index = data ? data->table().find(column.toStdString()) : std::nullopt;
    if (!index)
        return;
    const QModelIndex cell = d->model->index(std::max(0, d->view->rowAt(0)), static_cast<int>(*index));
    d->view->setCurrentIndex(cell);
    d->view->scrollTo(cell);
    d->chooseColumn(static_cast<int>(*index));
}

void DataPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    d->arrange();
}

void DataPage::Private::arrange()
{
    const bool narrow = q.width() < narrowBelow;
    columns->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    if (narrow) {
        columnCard->setMinimumWidth(0);
        columnCard->setMaximumWidth(QWIDGETSIZE_MAX);
        columnCard->setFixedHeight(columnHeight);
    } else {
        columnCard->setMinimumHeight(0);
        columnCard->setMaximumHeight(QWIDGETSIZE_MAX);
        columnCard->setFixedWidth(columnWidth);
    }
    columnCard->setWide(narrow);
}

void DataPage::Private::showData()
{
    const auto data = session.data();
    const QString opening = session.isOpening() ? QFileInfo(session.filePath()).fileName() : QString();
    if (!data) {
        start->setRecent(session.recentFiles());
        start->setOpening(opening);
        stack->setCurrentIndex(0);
        model->setData(nullptr);
        return;
    }
    stack->setCurrentIndex(1);
    next->setEnabled(!session.isOpening());
    if (data != model->dataSet()) {
        const QModelIndex was = view->currentIndex();
        QStringList names;
        for (const std::string& name : data->table().names())
            names << QString::fromStdString(name);
        const bool same = names == widthsOf;
        const int scrolled = view->verticalScrollBar()->value();
        model->setData(data);
        showCells();
        if (!same) {
            widthsOf = names;
            const QFontMetrics metrics(theme.bodyFont());
            for (int i = 0; i < model->columnCount(); ++i) {
                const Column& column = data->table().column(static_cast<std::size_t>(i));
                ColumnHeader::Cell widest;
                widest.detail = columnTypeText(static_cast<int>(column.type())) + QStringLiteral(" · 99 % missing");
                header->resizeSection(i, fittingWidth(column, header->widthOf(names[i], widest), metrics));
            }
        }
        const auto target = data->table().find(session.request().pipeline.target);
        const int column = same && was.isValid() ? was.column() : target ? static_cast<int>(*target) : 0;
        view->setCurrentIndex(model->index(same ? std::min(std::max(0, was.row()), model->rowCount() - 1) : 0, column));
        if (same)
            view->verticalScrollBar()->setValue(scrolled);
        chooseColumn(column);
    }
    showSubtitle();
    showIssues();
    columnCard->refresh();
}

void DataPage::Private::showSubtitle()
{
    const auto data = session.data();
    if (!data)
        return;
    tableCard->setTitle(QFileInfo(session.filePath()).fileName());
    if (session.isOpening()) {
        tableCard->setSubtitle(tr("reading…"));
        return;
    }
    tableCard->setSubtitle(QStringList{tr("%1 rows").arg(countText(static_cast<qint64>(data->table().rows()))),
                                       tr("%1 columns").arg(countText(static_cast<qint64>(data->table().columnCount()))),
                                       bytesText(data->csv.bytes), QString::fromStdString(data->csv.encoding)}
                               .join(QStringLiteral(" · ")));
}

void DataPage::Private::showCells()
{
    const auto data = session.data();
    if (!data)
        return;
    const PipelineSpec& pipeline = session.request().pipeline;
    const std::vector<std::string> targets = pipeline.targets();
    std::vector<ColumnHeader::Cell> cells;
    for (std::size_t i = 0; i < data->table().columnCount(); ++i) {
        const Column& column = data->table().column(i);
        ColumnHeader::Cell cell;
        cell.icon = "type-" + QString::fromStdString(std::string(columnTypeName(column.type())));
        cell.target = std::find(targets.begin(), targets.end(), column.name()) != targets.end();
        cell.ignored =
            std::find(pipeline.ignored.begin(), pipeline.ignored.end(), column.name()) != pipeline.ignored.end();
        QStringList words{cell.target ? tr("target") : columnTypeText(static_cast<int>(column.type()))};
        if (column.missingCount() > 0 && column.rows() > 0) {
            const double percent = 100.0 * static_cast<double>(column.missingCount()) / static_cast<double>(column.rows());
            words << (percent < 1 ? tr("< 1 % missing") : tr("%1 % missing").arg(qRound(percent)));
        }
        cell.detail = words.join(QStringLiteral(" · "));
        cells.push_back(std::move(cell));
    }
    header->setCells(std::move(cells));
}

void DataPage::Private::showIssues()
{
    while (QLayoutItem* item = issues->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const auto data = session.data();
    struct Line {
        Severity severity;
        QString text;
    };
    std::vector<Line> lines;
    if (!session.planProblem().isEmpty())
        lines.push_back({Severity::Error, session.planProblem()});
    if (data)
        for (const Issue& issue : data->csv.issues)
            lines.push_back({issue.severity, message(issue)});
    if (const auto plan = session.plan())
        for (const Issue& issue : plan->issues)
            lines.push_back({issue.severity, message(issue)});
    std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.severity > b.severity; });

    const ThemeColors& colors = theme.colors();
    for (const Line& line : lines) {
        auto* row = new QWidget;
        auto* layout = new QHBoxLayout(row);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(8);
        const bool error = line.severity == Severity::Error, note = line.severity == Severity::Note;
        auto* icon = new QLabel;
        icon->setPixmap(theme.icon(note ? "info" : error ? "error" : "warning",
                                   note ? colors.dim : error ? colors.bad : colors.warn)
                            .pixmap(QSize(16, 16), q.devicePixelRatioF()));
        layout->addWidget(icon, 0, Qt::AlignTop);
        auto* text = new QLabel(line.text);
        text->setTextFormat(Qt::PlainText);
        text->setWordWrap(true);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        layout->addWidget(text, 1);
        issues->addWidget(row);
    }
    issues->addStretch(1);
    issueArea->setVisible(!lines.empty());
    issueArea->setFixedHeight(std::min<int>(issuesHeight, 16 + 24 * static_cast<int>(lines.size())));
}

void DataPage::Private::chooseColumn(int column)
{
    header->setCurrent(column);
    columnCard->showColumn(column);
}

} // namespace limpid
