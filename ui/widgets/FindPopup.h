#pragma once

#include <QFrame>

class QAbstractItemModel;
class QLabel;
class QLineEdit;
class QListView;

namespace limpid {

class Theme;

/// A small list from which one is chosen: type to find, the arrows move, Enter or a click chooses, Esc closes. Its users give a model
/// of the rows and say which of them a text finds.
class FindPopup : public QFrame
{
    Q_OBJECT
public:
    /// What stands at a row's right, in the dim colour.
    static constexpr int besideRole = Qt::UserRole + 1;

    /// `name`: of the parts, "NAMEFind" and "NAMEList".
    FindPopup(const QString& name, QAbstractItemModel& rows, const Theme& theme, QWidget* parent);

signals:
    void closed(bool withChoice);

protected:
    /// All rows, the model having been filled.
    void openAt(const QPoint& globalPos, const QString& heading, const QString& hint, const QString& nothing);
    /// Leaves in the model what the text finds, the best first; all of it for an empty one.
    virtual void filter(const QString& text) = 0;
    /// After it has closed.
    virtual void choose(int row) = 0;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void find(const QString& text);
    void take(int row);
    QAbstractItemModel& m_rows;
    QLabel* m_heading;
    QLineEdit* m_find;
    QListView* m_list;
    QLabel* m_nothing;
    bool m_choosing = false;
};

} // namespace limpid
