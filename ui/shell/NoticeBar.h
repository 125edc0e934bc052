#pragma once

#include <QFrame>
#include <QTimer>

#include <vector>

class QLabel;

namespace limpid {

class Theme;

/// Tells what went wrong, or well, without a box in the way: one sentence at a time, the newest first. Notes go by
/// themselves; a failure stays until it is dismissed.
class NoticeBar : public QFrame
{
    Q_OBJECT
public:
    explicit NoticeBar(const Theme& theme, QWidget* parent = nullptr);

    void showFailure(const QString& sentence);
    void showNote(const QString& sentence);
    void dismiss();
    QString text() const;

private:
    struct Notice {
        QString sentence;
        bool failure = false;
    };
    void add(Notice notice);
    void showNewest();

    const Theme& m_theme;
    std::vector<Notice> m_notices; ///< newest last
    QLabel* m_icon;
    QLabel* m_text;
    QTimer m_timer;
};

} // namespace limpid
