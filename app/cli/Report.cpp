#include "app/cli/Report.h"

namespace limpid {

namespace {

const char* const style = R"(
:root { color-scheme: light dark; --ground: #f6f7f9; --card: #fff; --line: #e1e4e9; --text: #1b1f24; --dim: #606a76; --accent: #3366d6; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #15171b; --card: #1c1f24; --line: #2b3038; --text: #e4e7eb; --dim: #9aa3ae; --accent: #7aa2ff; }
}
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 Inter, system-ui, sans-serif; }
main { max-width: 920px; margin: 0 auto; padding: 32px 16px 64px; }
h1 { font-size: 26px; margin: 0 0 8px; }
h2 { font-size: 18px; margin: 36px 0 8px; }
p { margin: 8px 0; max-width: 70ch; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
th, td { padding: 5px 12px; text-align: left; border-bottom: 1px solid var(--line); }
tr:last-child td { border-bottom: 0; }
th { color: var(--dim); font-weight: 600; }
.figure { text-align: right; }
figure { margin: 16px 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px; }
figure img { width: 100%; height: auto; display: block; }
figcaption { color: var(--dim); font-size: 13px; margin-top: 8px; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 12px; overflow-x: auto; }
)";

QString dataUri(const QByteArray& png)
{
    return QStringLiteral("data:image/png;base64,") + QString::fromLatin1(png.toBase64());
}

bool isFigure(const QString& cell)
{
    return cell.isEmpty() || cell[0].isDigit() || cell[0] == u'-' || cell[0] == u'–' || cell[0] == u'±';
}

} // namespace

void Report::addHeading(const QString& text)
{
    m_body += QStringLiteral("<h2>%1</h2>\n").arg(text.toHtmlEscaped());
}

void Report::addParagraph(const QString& text)
{
    m_body += QStringLiteral("<p>%1</p>\n").arg(text.toHtmlEscaped());
}

void Report::addTable(const std::vector<QStringList>& rows)
{
    if (rows.empty())
        return;
    std::vector<bool> right(std::size_t(rows.front().size()), rows.size() > 1);
    for (std::size_t i = 1; i < rows.size(); ++i) {
        for (qsizetype column = 0; column < rows[i].size() && column < qsizetype(right.size()); ++column)
            right[std::size_t(column)] = right[std::size_t(column)] && isFigure(rows[i][column]);
    }
    m_body += QStringLiteral("<div class=\"scroll\"><table>\n");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const QString tag = i == 0 ? QStringLiteral("th") : QStringLiteral("td");
        m_body += QStringLiteral("<tr>");
        for (qsizetype column = 0; column < rows[i].size(); ++column) {
            const bool figure = column < qsizetype(right.size()) && right[std::size_t(column)];
            m_body += u'<' + tag + (figure ? QStringLiteral(" class=\"figure\"") : QString()) + u'>' + rows[i][column].toHtmlEscaped()
                      + QStringLiteral("</") + tag + u'>';
        }
        m_body += QStringLiteral("</tr>\n");
    }
    m_body += QStringLiteral("</table></div>\n");
}

void Report::addPicture(const QByteArray& light, const QByteArray& dark, const QString& caption)
{
    const QString text = caption.toHtmlEscaped();
    m_body += QStringLiteral("<figure><picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"") + dataUri(dark)
              + QStringLiteral("\"><img src=\"") + dataUri(light) + QStringLiteral("\" alt=\"") + text + QStringLiteral("\"></picture><figcaption>")
              + text + QStringLiteral("</figcaption></figure>\n");
}

void Report::addCommand(const QString& command)
{
    m_body += QStringLiteral("<pre>%1</pre>\n").arg(command.toHtmlEscaped());
}

QByteArray Report::html() const
{
    const QString title = m_title.toHtmlEscaped();
    const QString page = QStringLiteral("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                                        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                         + title + QStringLiteral("</title>\n<style>") + QString::fromLatin1(style)
                         + QStringLiteral("</style>\n</head>\n<body>\n<main>\n<h1>") + title + QStringLiteral("</h1>\n") + m_body
                         + QStringLiteral("</main>\n</body>\n</html>\n");
    return page.toUtf8();
}

} // namespace limpid
