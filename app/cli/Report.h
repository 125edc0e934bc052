#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <vector>

namespace limpid {

/// One HTML page on a finished job: words, tables and pictures, all in the one file (pictures as data URIs), readable in a
/// light and in a dark browser.
class Report
{
public:
    explicit Report(QString title) : m_title(std::move(title)) {}

    void addHeading(const QString& text);
    void addParagraph(const QString& text);
    /// The first row holds the headers; columns of figures stand right.
    void addTable(const std::vector<QStringList>& rows);
    /// PNG bytes in both themes' colours, with a caption that also describes it to who can't see it.
    void addPicture(const QByteArray& light, const QByteArray& dark, const QString& caption);
    void addCommand(const QString& command);

    QByteArray html() const;

private:
    QString m_title;
    QString m_body;
};

} // namespace limpid
