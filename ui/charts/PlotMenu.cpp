#include "ui/charts/PlotMenu.h"

#include "core/base/File.h"
#include "ui/text/Messages.h"

#include <QAbstractTableModel>
#include <QClipboard>
#include <QCoreApplication>
#include <QDialog>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QHBoxLayout>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace limpid {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("PlotMenu", text); }

class LinesModel final : public QAbstractTableModel
{
public:
    LinesModel(std::vector<QStringList> lines, QObject* parent) : QAbstractTableModel(parent), m_lines(std::move(lines)) {}
    int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() || m_lines.empty() ? 0 : static_cast<int>(m_lines.size()) - 1;
    }
    int columnCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() || m_lines.empty() ? 0 : static_cast<int>(m_lines.front().size());
    }
    QVariant data(const QModelIndex& index, int role) const override
    {
        return index.isValid() && role == Qt::DisplayRole ? m_lines[static_cast<std::size_t>(index.row()) + 1].value(index.column()) : QVariant();
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        return orientation == Qt::Horizontal && role == Qt::DisplayRole ? m_lines.front().value(section) : QVariant();
    }

private:
    std::vector<QStringList> m_lines;
};

/// Asks where to, and says so where it can't be written.
void save(const QString& ending, const QString& kind, QWidget* parent, const std::function<void(const QString& path)>& write)
{
    QString path = QFileDialog::getSaveFileName(parent, tr("Save the chart"), QStringLiteral("chart.") + ending, kind);
    if (path.isEmpty())
        return;
    if (!path.endsWith(QLatin1Char('.') + ending, Qt::CaseInsensitive))
        path += QLatin1Char('.') + ending;
    try {
        write(path);
    } catch (const Error& error) {
        auto* box = new QMessageBox(QMessageBox::Warning, tr("The chart was not saved"), message(error), QMessageBox::Ok, parent);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->open();
    }
}

} // namespace

void copyPicture(const Plot& plot, const QSize& size, const Theme& theme)
{
    QGuiApplication::clipboard()->setImage(plotImage(plot, size, 2.0, theme));
}

QString tableText(const Plot& plot)
{
    QString text;
    for (const QStringList& line : plot.table())
        text += line.join(QLatin1Char('\t')) + QLatin1Char('\n');
    return text;
}

void saveTable(const Plot& plot, const QString& path)
{
    QString text;
    for (const QStringList& line : plot.table()) {
        QStringList cells;
        for (QString cell : line) {
            if (cell.contains(QLatin1Char('"')) || cell.contains(QLatin1Char(',')) || cell.contains(QLatin1Char('\n')))
                cell = QLatin1Char('"') + cell.replace(QLatin1Char('"'), QLatin1String("\"\"")) + QLatin1Char('"');
            cells << cell;
        }
        text += cells.join(QLatin1Char(',')) + QLatin1Char('\n');
    }
    const QByteArray bytes = text.toUtf8();
    writeFileAtomically(std::filesystem::path(path.toStdU16String()), std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

void showTable(const Plot& plot, QWidget* parent)
{
    auto* dialog = new QDialog(parent);
    dialog->setObjectName("plotTable");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Numbers behind the chart"));
    dialog->resize(640, 480);
    auto* view = new QTableView(dialog);
    view->setModel(new LinesModel(plot.table(), view));
    view->verticalHeader()->hide();
    view->horizontalHeader()->setStretchLastSection(true);
    view->setShowGrid(false);
    auto* copy = new QPushButton(tr("Copy"), dialog);
    auto* close = new QPushButton(tr("Close"), dialog);
    QObject::connect(copy, &QPushButton::clicked, dialog, [text = tableText(plot)] { QGuiApplication::clipboard()->setText(text); });
    QObject::connect(close, &QPushButton::clicked, dialog, &QDialog::close);
    auto* layout = new QVBoxLayout(dialog);
    layout->addWidget(view, 1);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(copy);
    buttons->addWidget(close);
    layout->addLayout(buttons);
    dialog->show();
}

void showPlotMenu(std::shared_ptr<const Plot> plot, const QSize& size, const Theme& theme, QWidget* parent, const QPoint& at,
                  const PlotAction& more, const std::function<void(QMenu&)>& extend)
{
    auto* menu = new QMenu(parent);
    menu->setObjectName("plotMenu");
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Copy picture"), parent, [plot, size, &theme] { copyPicture(*plot, size, theme); })->setObjectName("copyPicture");
    const auto picture = [plot, size, &theme](const QString& path) { savePlot(*plot, path, size, theme); };
    menu->addAction(tr("Save as PNG…"), parent, [picture, parent] { save("png", tr("PNG picture (*.png)"), parent, picture); });
    menu->addAction(tr("Save as SVG…"), parent, [picture, parent] { save("svg", tr("SVG picture (*.svg)"), parent, picture); });
    menu->addAction(tr("Save as PDF…"), parent, [picture, parent] { save("pdf", tr("PDF document (*.pdf)"), parent, picture); })->setObjectName("savePdf");
    if (more.text.isEmpty())
        menu->addAction(tr("Save table as CSV…"), parent, [plot, parent] {
            save("csv", tr("Table (*.csv)"), parent, [plot](const QString& path) { saveTable(*plot, path); });
        })->setObjectName("saveTable");
    else
        menu->addAction(more.text, parent, more.triggered)->setObjectName("savePoints");
    menu->addSeparator();
    menu->addAction(tr("Show table"), parent, [plot, parent] { showTable(*plot, parent); })->setObjectName("showTable");
    menu->addAction(tr("Copy table"), parent, [plot] { QGuiApplication::clipboard()->setText(tableText(*plot)); });
    menu->addAction(tr("Copy description"), parent, [plot] { QGuiApplication::clipboard()->setText(plot->sentence()); });
    if (extend)
        extend(*menu);
    menu->popup(at);
}

void addZoomActions(QMenu& menu, bool isWhole, const std::function<void(Qt::Key)>& press)
{
    const auto add = [&](const QString& text, const char* key, Qt::Key pressed, const char* name) {
        QAction* action = menu.addAction(text + QLatin1Char('\t') + QString::fromUtf8(key), &menu, [press, pressed] { press(pressed); });
        action->setObjectName(QLatin1String(name));
        return action;
    };
    menu.addSeparator();
    add(tr("Zoom in"), "+", Qt::Key_Plus, "zoomIn");
    add(tr("Zoom out"), "−", Qt::Key_Minus, "zoomOut")->setEnabled(!isWhole);
    add(tr("Show everything"), "0", Qt::Key_0, "showEverything")->setEnabled(!isWhole);
}

} // namespace limpid
