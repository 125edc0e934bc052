#pragma once

#include "ui/widgets/Card.h"

#include <QBoxLayout>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace limpid {

class ColumnSketch;
class Session;
class Theme;

/// One column: its type and why, whether it is an input or the target, and what its values are like.
class ColumnCard : public Card
{
    Q_OBJECT
public:
    ColumnCard(Session& session, const Theme& theme, QWidget* parent = nullptr);

    void showColumn(int column);
    int column() const { return m_column; }
    /// Side by side where the card stands below the table and is wide.
    void setWide(bool wide);
    void refresh();
    /// Adds the column to the targets, or takes it away where others are left.
    void toggleTarget();

private:
    QString name() const;
    QStringList targets() const;
    void fillFacts();

    Session& m_session;
    int m_column = -1;
    QBoxLayout* m_parts;
    QComboBox* m_type;
    QLabel* m_reason;
    QLineEdit* m_missing;
    QCheckBox* m_input;
    QPushButton *m_target, *m_alsoTarget;
    QLabel* m_isTarget;
    ColumnSketch* m_sketch;
    QWidget* m_facts;
    QFormLayout* m_factRows;
};

/// "number", "category", … as the page words them.
QString columnTypeText(int type);

} // namespace limpid
