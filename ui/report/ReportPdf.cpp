#include "ui/report/ReportDocument.h"
#include "ui/report/ReportFile.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QImage>
#include <QPageLayout>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QTextOption>

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Report", text); }

// All lengths are in pixels of 1/96 inch, as in the HTML.
constexpr int resolution = 96;
constexpr QMarginsF margins(16, 16, 16, 20); // millimetres; the foot stands in the lower one
constexpr double cellGap = 12.0, cellPadding = 4.0, blockGap = 12.0;
constexpr double mostOfPage = 0.45;          // the highest that a plot may be, as a share of the page
constexpr double leastOfPlot = 0.75;         // of the height it likes, before it goes to the next page instead
constexpr qsizetype mostLines = 1'000'000;   // bytes of a plot as SVG; in a PDF a quarter or so of that
constexpr double keptTogether = 0.5;         // tables of at most this share of a page are not cut

/// Writes from the top of the page downwards and begins a new one where a line, a row or a plot does not fit.
class PdfWriter
{
public:
    PdfWriter(const ReportDocument& document, Task& task) : m_document(document), m_task(task), m_theme(nullptr), m_writer(openBuffer())
    {
        m_theme.setMode(Theme::Mode::Light);
        m_writer.setResolution(resolution); // before the page, whose size in pixels follows from it
        m_writer.setPageLayout(QPageLayout(QPageSize(QPageSize::A4), QPageLayout::Portrait, margins, QPageLayout::Millimeter));
        m_writer.setTitle(document.title);
        m_writer.setCreator(QStringLiteral("Limpid"));
        m_painter.begin(&m_writer);
        m_width = m_writer.width();
        m_height = m_writer.height();
        for (const ReportSection& section : document.sections)
            for (const ReportBlock& block : section.blocks)
                m_figures += std::holds_alternative<ReportFigure>(block) ? 1 : 0;
    }

    QByteArray write()
    {
        writeText(m_document.title, font(26, QFont::DemiBold), m_theme.colors().text);
        writeText(m_document.subtitle, font(12), m_theme.colors().dim);
        m_y += blockGap;
        addAll(m_document.summary);
        writeText(tr("Contents"), font(15, QFont::DemiBold), m_theme.colors().text);
        m_y += 4;
        int number = 0;
        for (const ReportSection& section : m_document.sections)
            writeText(QStringLiteral("%1. %2").arg(QString::number(++number), section.title), font(12), m_theme.colors().text);
        number = 0;
        for (const ReportSection& section : m_document.sections) {
            newPage();
            writeText(QStringLiteral("%1. %2").arg(QString::number(++number), section.title), font(19, QFont::DemiBold), m_theme.colors().text);
            m_y += blockGap;
            addAll(section.blocks);
        }
        writeFoot();
        m_painter.end();
        return m_buffer.data();
    }

private:
    QBuffer* openBuffer()
    {
        m_buffer.open(QIODevice::WriteOnly);
        return &m_buffer;
    }
    QFont font(int pixels, QFont::Weight weight = QFont::Normal) const
    {
        QFont result = m_theme.bodyFont();
        result.setPixelSize(pixels);
        result.setWeight(weight);
        result.setHintingPreference(QFont::PreferNoHinting); // paper has more dots than pixels
        return result;
    }
    QFontMetricsF metrics(const QFont& font) { return QFontMetricsF(font, &m_writer); }
    /// Between words, and within one only where it is longer than the line.
    static QTextOption wrapping(Qt::Alignment alignment)
    {
        QTextOption option(alignment);
        option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        return option;
    }
    double textHeight(const QString& text, const QFont& font, double width)
    {
        m_painter.setFont(font);
        return std::ceil(m_painter.boundingRect(QRectF(0, 0, width, 1e6), text, wrapping(Qt::AlignLeft)).height());
    }

    void writeFoot()
    {
        m_painter.setFont(font(10));
        m_painter.setPen(m_theme.colors().dim);
        const QRectF foot(0, m_height + 14, m_width, 20);
        m_painter.drawText(foot, Qt::AlignLeft | Qt::AlignVCenter,
                           metrics(font(10)).elidedText(m_document.title, Qt::ElideRight, 0.8 * m_width));
        m_painter.drawText(foot, Qt::AlignRight | Qt::AlignVCenter, tr("Page %1").arg(m_page));
    }
    void newPage()
    {
        m_task.checkpoint();
        writeFoot();
        m_writer.newPage();
        ++m_page;
        m_y = 0.0;
    }
    /// Where that much does not fit below, a new page.
    void makeRoom(double height)
    {
        if (m_y > 0.0 && m_y + height > m_height)
            newPage();
    }
    void writeText(const QString& text, const QFont& font, const QColor& color)
    {
        const double height = textHeight(text, font, m_width);
        makeRoom(std::min(height, m_height));
        m_painter.setFont(font);
        m_painter.setPen(color);
        m_painter.drawText(QRectF(0, m_y, m_width, height), text, wrapping(Qt::AlignLeft));
        m_y += height;
    }

    void addAll(const std::vector<ReportBlock>& blocks)
    {
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            if (std::holds_alternative<ReportHeading>(blocks[i]))
                makeRoom(heightFrom(blocks, i)); // not alone at the foot of a page
            std::visit([this](const auto& one) { add(one); }, blocks[i]);
        }
    }
    /// Of a heading with all that stands before the end of its first table or plot.
    double heightFrom(const std::vector<ReportBlock>& blocks, std::size_t first)
    {
        double height = 40.0;
        for (std::size_t i = first + 1; i < blocks.size(); ++i) {
            if (const auto* paragraph = std::get_if<ReportParagraph>(&blocks[i])) {
                height += textHeight(paragraph->text, font(12), m_width) + blockGap;
                continue;
            }
            if (const auto* table = std::get_if<ReportTable>(&blocks[i])) {
                const double whole = tableHeight(*table, columnWidths(*table));
                return height + (whole <= keptTogether * m_height ? whole : 80.0);
            }
            if (const auto* figure = std::get_if<ReportFigure>(&blocks[i]))
                return height + leastHeight(*figure);
            break;
        }
        return height + 40.0;
    }
    void add(const ReportHeading& heading)
    {
        m_y += m_y > 0.0 ? 8.0 : 0.0;
        writeText(heading.text, font(15, QFont::DemiBold), m_theme.colors().text);
        m_y += 6.0;
    }
    void add(const ReportParagraph& paragraph)
    {
        writeText(paragraph.text, font(12), m_theme.colors().text);
        m_y += blockGap;
    }
    /// Of title and caption, with the gaps below each.
    double wordsHeight(const ReportFigure& figure)
    {
        return textHeight(figure.title, font(13, QFont::DemiBold), m_width) + 6.0 + textHeight(figure.caption(), font(11), m_width) + 6.0;
    }
    /// With less room than that it goes to the next page.
    double leastHeight(const ReportFigure& figure)
    {
        return leastOfPlot * std::min(figure.plot->preferredHeight(m_width), mostOfPage * m_height) + wordsHeight(figure);
    }
    void add(const ReportFigure& figure)
    {
        m_task.checkpoint();
        m_task.report(double(m_number++) / std::max(1, m_figures), "write");
        const QString sentence = figure.caption();
        makeRoom(leastHeight(figure));
        const double height = std::min({figure.plot->preferredHeight(m_width), mostOfPage * m_height, m_height - m_y - wordsHeight(figure)});
        writeText(figure.title, font(13, QFont::DemiBold), m_theme.colors().text);
        m_y += 6.0;
        draw(*figure.plot, QRectF(0, m_y, m_width, height));
        m_y += height + 6.0;
        writeText(sentence, font(11), m_theme.colors().dim);
        m_y += 20.0;
    }

    /// As lines; one of very many, as of thousands of rows, as points of half a pixel.
    void draw(const Plot& plot, const QRectF& area)
    {
        if (plotSvg(plot, area.size().toSize(), m_theme).size() <= mostLines) {
            m_painter.save();
            plot.paint(m_painter, area, m_theme);
            m_painter.restore();
            return;
        }
        QImage image((area.size() * 2.0).toSize(), QImage::Format_RGB32);
        image.setDevicePixelRatio(2.0);
        image.fill(Qt::white);
        QPainter painter(&image);
        plot.paint(painter, QRectF(QPointF(), area.size()), m_theme);
        painter.end();
        m_painter.drawImage(area, image);
    }

    /// As wide as the longest cell likes; where that is too much, the wide ones give way in proportion to what they have above
    /// an equal share.
    std::vector<double> columnWidths(const ReportTable& table)
    {
        const std::size_t columns = static_cast<std::size_t>(table.header.isEmpty() ? 2 : table.header.size());
        std::vector<double> widths(columns, 0.0);
        const QFontMetricsF plain = metrics(font(11)), bold = metrics(font(11, QFont::DemiBold));
        for (std::size_t column = 0; column < columns; ++column) {
            if (!table.header.isEmpty())
                widths[column] = bold.horizontalAdvance(table.header[int(column)]);
            for (const QStringList& row : table.rows)
                widths[column] = std::max(widths[column], plain.horizontalAdvance(row[int(column)]));
            widths[column] = std::ceil(widths[column]) + 2.0;
        }
        if (table.header.isEmpty())
            widths[0] = std::max(widths[0], 0.3 * m_width);
        const double room = m_width - cellGap * double(columns - 1), share = room / double(columns);
        double whole = 0.0, above = 0.0;
        for (const double width : widths) {
            whole += width;
            above += std::max(0.0, width - share);
        }
        if (whole > room)
            for (double& width : widths)
                width -= std::max(0.0, width - share) * std::min(1.0, (whole - room) / above);
        else
            widths[table.figuresFrom < int(columns) ? 0 : columns - 1] += room - whole; // figures stand at the right edge
        return widths;
    }
    void writeRow(const QStringList& cells, const std::vector<double>& widths, const ReportTable& table, bool header)
    {
        const QFont cellFont = font(11, header ? QFont::DemiBold : QFont::Normal);
        const double height = rowHeight(cells, widths, cellFont);
        double x = 0.0;
        for (int column = 0; column < cells.size(); ++column) {
            const double width = widths[std::size_t(column)];
            m_painter.setFont(cellFont);
            m_painter.setPen(column == 0 && !header ? m_theme.colors().dim : m_theme.colors().text);
            m_painter.drawText(QRectF(x, m_y + cellPadding, width, height), cells[column], wrapping(column >= table.figuresFrom ? Qt::AlignRight : Qt::AlignLeft));
            x += width + cellGap;
        }
        m_y += height + 2 * cellPadding;
        m_painter.setPen(QPen(m_theme.colors().line, 0.75));
        m_painter.drawLine(QPointF(0, m_y), QPointF(m_width, m_y));
    }
    double rowHeight(const QStringList& cells, const std::vector<double>& widths, const QFont& cellFont)
    {
        double height = 0.0;
        for (int column = 0; column < cells.size(); ++column)
            height = std::max(height, textHeight(cells[column], cellFont, widths[std::size_t(column)]));
        return std::min(height, 0.8 * m_height);
    }
    double tableHeight(const ReportTable& table, const std::vector<double>& widths)
    {
        double height = table.header.isEmpty() ? 0.0 : rowHeight(table.header, widths, font(11, QFont::DemiBold)) + 2 * cellPadding;
        for (const QStringList& row : table.rows)
            height += rowHeight(row, widths, font(11)) + 2 * cellPadding;
        return height;
    }
    void add(const ReportTable& table)
    {
        const std::vector<double> widths = columnWidths(table);
        if (const double whole = tableHeight(table, widths); whole <= keptTogether * m_height)
            makeRoom(whole);
        bool begun = false;
        for (const QStringList& row : table.rows) {
            const double height = rowHeight(row, widths, font(11)) + 2 * cellPadding + 1.0;
            makeRoom(begun || table.header.isEmpty() ? height : height + 40.0);
            if (!table.header.isEmpty() && (!begun || m_y == 0.0)) // again at the top of each page
                writeRow(table.header, widths, table, true);
            begun = true;
            writeRow(row, widths, table, false);
        }
        m_y += blockGap;
    }

    const ReportDocument& m_document;
    Task& m_task;
    Theme m_theme;
    QBuffer m_buffer;
    QPdfWriter m_writer;
    QPainter m_painter;
    double m_width = 0.0, m_height = 0.0, m_y = 0.0;
    int m_page = 1, m_number = 0, m_figures = 0;
};

} // namespace

QByteArray reportPdf(const ReportContents& contents, Task& task)
{
    task.checkpoint();
    const ReportDocument document = reportDocument(contents);
    return PdfWriter(document, task).write();
}

} // namespace limpid
