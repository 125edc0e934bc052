#include "ui/report/ReportDocument.h"
#include "ui/report/ReportFile.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

#include <algorithm>

namespace limpid {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Report", text); }

constexpr int plotWidth = 720;          // fits an A4 page at 96 pixels an inch
constexpr qsizetype mostSvg = 150'000, mostOfAll = 1'200'000;  // bytes; of one plot, and of all of them
constexpr std::size_t shortTable = 25;  // rows that fit on a page together

constexpr auto style = R"(
:root { color-scheme: light; --ground: #f6f7f9; --card: #ffffff; --text: #1b1f24; --dim: #5b6570; --line: #d9dee4; --accent: #1f5fbf; }
@media screen and (prefers-color-scheme: dark) {
  :root { color-scheme: dark; --ground: #15181c; --card: #1d2126; --text: #e4e8ec; --dim: #9aa5b1; --line: #353c44; --accent: #7fb0ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
main { max-width: 800px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 21px; margin: 0 0 12px; }
h3 { font-size: 16px; margin: 24px 0 8px; overflow-wrap: anywhere; }
p { margin: 0 0 12px; overflow-wrap: anywhere; }
.dim, figcaption { color: var(--dim); }
a { color: var(--accent); }
nav ol { margin: 0 0 8px; padding-left: 22px; columns: 2; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 24px; margin-top: 24px; }
table { border-collapse: collapse; width: 100%; margin: 0 0 16px; font-size: 13px; line-height: 1.4; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); }
.long { overflow-wrap: anywhere; }
th { font-weight: 600; }
tbody th { font-weight: 400; color: var(--dim); }
.facts tbody th { width: 34%; }
.figure { text-align: right; padding-right: 0; padding-left: 12px; white-space: nowrap; }
figure { margin: 0 0 24px; }
figure h4 { font-size: 14px; margin: 0 0 6px; }
figure .plot { background: #ffffff; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
figure svg, figure img { display: block; width: 100%; height: auto; }
figcaption { font-size: 13px; margin-top: 6px; }
@page { size: A4; margin: 16mm 15mm 18mm; }
@media print {
  body { background: #ffffff; font-size: 10pt; }
  main { max-width: none; padding: 0; }
  section { border: 0; padding: 0; margin: 0; break-before: page; }
  table { font-size: 8.5pt; }
  thead { display: table-header-group; }
  tr, figure, .together { break-inside: avoid; }
  figure { max-width: 150mm; }
  h1, h2, h3, h4 { break-after: avoid; }
  a { color: inherit; text-decoration: none; }
}
)";

/// As text and as the value of an attribute; characters that XML can't hold become U+FFFD.
QString escaped(const QString& text)
{
    QString clean = text;
    for (QChar& character : clean) {
        const ushort code = character.unicode();
        if ((code < 0x20 && code != '\n' && code != '\t') || code == 0xFFFE || code == 0xFFFF)
            character = QChar(0xFFFD);
    }
    return QString::fromUtf8(clean.toUtf8()).toHtmlEscaped();
}

/// One that may be broken anywhere; if all might, a browser would make columns as narrow as a letter.
bool hasLongWord(const QString& cell)
{
    constexpr int longest = 24;
    int length = 0;
    for (const QChar character : cell) {
        length = character.isSpace() ? 0 : length + 1;
        if (length > longest)
            return true;
    }
    return false;
}

class HtmlWriter
{
public:
    HtmlWriter(Task& task, int figures) : m_task(task), m_figures(figures), m_theme(nullptr) { m_theme.setMode(Theme::Mode::Light); }

    QByteArray write(const ReportDocument& document)
    {
        m_html = QStringLiteral("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"%1\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<meta name=\"generator\" content=\"Limpid\"/>\n"
                                "<title>%2</title>\n<style>%3</style>\n</head>\n<body>\n<main>\n<header>\n<h1>%2</h1>\n<p class=\"dim\">%4</p>\n")
                     .arg(QLocale().bcp47Name(), escaped(document.title), QString::fromLatin1(style), escaped(document.subtitle));
        addAll(document.summary);
        m_html += QStringLiteral("</header>\n<nav aria-label=\"%1\">\n<ol>\n").arg(escaped(tr("Contents")));
        for (const ReportSection& section : document.sections)
            m_html += QStringLiteral("<li><a href=\"#%1\">%2</a></li>\n").arg(section.id, escaped(section.title));
        m_html += QLatin1String("</ol>\n</nav>\n");
        for (const ReportSection& section : document.sections) {
            m_html += QStringLiteral("<section id=\"%1\" aria-labelledby=\"%1-title\">\n<h2 id=\"%1-title\">%2</h2>\n").arg(section.id, escaped(section.title));
            addAll(section.blocks);
            m_html += QLatin1String("</section>\n");
        }
        m_html += QLatin1String("</main>\n</body>\n</html>\n");
        return m_html.toUtf8();
    }

private:
    void addAll(const std::vector<ReportBlock>& blocks)
    {
        for (const ReportBlock& block : blocks)
            std::visit([this](const auto& one) { add(one); }, block);
    }
    void add(const ReportHeading& heading) { m_html += QStringLiteral("<h3>%1</h3>\n").arg(escaped(heading.text)); }
    void add(const ReportParagraph& paragraph) { m_html += QStringLiteral("<p>%1</p>\n").arg(escaped(paragraph.text)); }
    void add(const ReportTable& table)
    {
        QStringList classes;
        if (table.header.isEmpty())
            classes << QStringLiteral("facts");
        if (table.rows.size() <= shortTable)
            classes << QStringLiteral("together");
        m_html += QStringLiteral("<table class=\"%1\">\n").arg(classes.join(QLatin1Char(' ')));
        const auto kind = [&table](int column, const QString& cell) {
            return column >= table.figuresFrom ? QStringLiteral(" class=\"figure\"") : hasLongWord(cell) ? QStringLiteral(" class=\"long\"") : QString();
        };
        if (!table.header.isEmpty()) {
            m_html += QLatin1String("<thead><tr>");
            for (int column = 0; column < table.header.size(); ++column)
                m_html += QStringLiteral("<th scope=\"col\"%1>%2</th>").arg(kind(column, table.header[column]), escaped(table.header[column]));
            m_html += QLatin1String("</tr></thead>\n");
        }
        m_html += QLatin1String("<tbody>\n");
        for (const QStringList& row : table.rows) {
            m_html += QLatin1String("<tr>");
            for (int column = 0; column < row.size(); ++column)
                m_html += column == 0 ? QStringLiteral("<th scope=\"row\"%1>%2</th>").arg(kind(column, row[column]), escaped(row[column]))
                                      : QStringLiteral("<td%1>%2</td>").arg(kind(column, row[column]), escaped(row[column]));
            m_html += QLatin1String("</tr>\n");
        }
        m_html += QLatin1String("</tbody>\n</table>\n");
    }
    void add(const ReportFigure& figure)
    {
        m_task.checkpoint();
        m_task.report(double(m_number) / std::max(1, m_figures), "write");
        ++m_number;
        const QString sentence = escaped(figure.plot->sentence());
        m_html += QStringLiteral("<figure>\n<h4>%1</h4>\n<div class=\"plot\">").arg(escaped(figure.title)) + picture(*figure.plot, sentence)
            + QStringLiteral("</div>\n<figcaption>%1</figcaption>\n</figure>\n").arg(escaped(figure.caption()));
    }

    QString picture(const Plot& plot, const QString& sentence)
    {
        const QSize size = plotSize(plot, plotWidth);
        const QByteArray svg = plotSvg(plot, size, m_theme);
        if (svg.size() > std::min(mostSvg, mostOfAll / std::max(1, m_figures))) {
            QBuffer buffer;
            buffer.open(QIODevice::WriteOnly);
            plotImage(plot, size, 2.0, m_theme).convertToFormat(QImage::Format_RGB32).save(&buffer, "PNG");
            return QStringLiteral("<img alt=\"%1\" width=\"%2\" height=\"%3\" src=\"data:image/png;base64,%4\"/>")
                .arg(sentence, QString::number(size.width()), QString::number(size.height()), QString::fromLatin1(buffer.data().toBase64()));
        }
        QString text = QString::fromUtf8(svg);
        text.remove(0, text.indexOf(QLatin1String("<svg")));
        text.replace(0, 4, QStringLiteral("<svg role=\"img\" aria-label=\"%1\"").arg(sentence));
        // Names within a picture must be unique in the whole file.
        const QString prefix = QStringLiteral("plot%1-").arg(m_number);
        static const QRegularExpression names(QStringLiteral("( id=\"|url\\(#|href=\"#)"));
        text.replace(names, QStringLiteral("\\1") + prefix);
        return text;
    }

    Task& m_task;
    const int m_figures;
    int m_number = 0;
    Theme m_theme;
    QString m_html;
};

} // namespace

QByteArray reportHtml(const ReportContents& contents, Task& task)
{
    task.checkpoint();
    const ReportDocument document = reportDocument(contents);
    int figures = 0;
    for (const ReportSection& section : document.sections)
        for (const ReportBlock& block : section.blocks)
            figures += std::holds_alternative<ReportFigure>(block) ? 1 : 0;
    return HtmlWriter(task, figures).write(document);
}

} // namespace limpid
