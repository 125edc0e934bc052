#pragma once

#include <QWidget>

class QComboBox;

namespace limpid {

class Segmented;
class Theme;

/// One choice of a few: joined buttons where there is room for them, else a list that drops down.
class Chooser : public QWidget
{
    Q_OBJECT
public:
    /// As Segmented: `keys` name the choices in the program, `texts` to people.
    Chooser(const Theme& theme, const QStringList& keys, const QStringList& texts, QWidget* parent = nullptr);

    QString current() const;
    bool has(const QString& key) const;
    void setCurrent(const QString& key);   ///< without a signal; an unknown key changes nothing
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void chosen(const QString& key);       ///< by the user

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    Segmented* m_buttons;
    QComboBox* m_list;
};

} // namespace limpid
